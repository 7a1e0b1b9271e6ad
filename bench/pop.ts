/**
 * The caller's card on the agent's screen, and the ring of his phone: which is first? When the card left the service
 * and when the phone said 180 both come from one capture; when it reached the desktop, from the desktop's socket.
 */
import { join } from 'node:path';
import { stderr, stdout } from 'node:process';
import { parseArgs } from 'node:util';
import type { Invocation } from '../cli/main.ts';
import { SetupError } from '../runtime/setup-error.ts';
import { startCapture } from '../stage/capture.ts';
import { sipMessagesIn } from '../stage/sip-message.ts';
import { startStage } from '../stage/stage.ts';
import { printFigures, spread } from './figures.ts';
import { mayCapture } from './own-network.ts';
import { rounded } from './quantile.ts';

const agents = 100;
const callsPerSecond = 20;
const talkMs = 1_000;

export async function run({ lang, args }: Invocation): Promise<number> {
  const { values } = parseArgs({ args, options: { json: { type: 'boolean' }, calls: { type: 'string', default: '1000' } } });
  const calls = Number(values.calls);
  if (!Number.isInteger(calls) || calls < 1 || calls > 100_000) throw new SetupError({ en: '--calls takes 1 to 100000.', zh: '--calls 应为 1 到 100000。' });
  if (!(await mayCapture())) throw new SetupError({ en: 'Only a packet capture shows what was first; this user may not capture here. Run it as root.', zh: '只有抓包才能判断先后，当前用户无权抓包。请以 root 运行。' });
  stderr.write(words.begin[lang](calls));
  const stage = await startStage({ agents, runtime: { durable: true } });
  try {
    const farm = await stage.phones(stage.agents, { ringMs: 200, talkMs });
    const desktops = await stage.ready(stage.agents);
    const capture = await startCapture({
      programs: stage.runtime.programs, file: join(await stage.folder('pop'), 'pop.pcap'),
      filter: `udp port ${stage.runtime.sipPort} or tcp src port ${new URL(stage.service.url).port}`,
    });
    const { successful, errors } = await (await stage.callers({ calls, callsPerSecond, limitSeconds: calls / callsPerSecond + 60 })).outcome;
    const packets = await capture.stop();
    if (successful !== calls) throw new Error(`${successful} of ${calls} calls were served: ${errors.slice(0, 500)}`);
    const sentMs = new Map<string, number>();
    for (const { protocol, payload, atUs } of packets) {
      if (protocol !== 'tcp') continue;
      for (const [, contact = ''] of payload.toString('latin1').matchAll(/"type":"screen-pop","screenPop":\{.*?"contact":"([^"]+)"/g)) {
        if (!sentMs.has(contact)) sentMs.set(contact, atUs / 1_000);
      }
    }
    // Of each agent the first card belongs to the first ring, and so on.
    const rings = Map.groupBy(sipMessagesIn(packets).filter(({ from, method, status, text }) => from.port === farm.sipPort && method === 'INVITE' && status === 180 && text !== ''), ({ text }) => /^To:.*sip:(\d+)@/m.exec(text)?.[1] ?? '');
    const [leadMs, lateMs, received]: [number[], number[], number[]] = [[], [], []];
    for (const { agent, heard } of desktops) {
      const cards = heard.flatMap(({ at, message }) => (message.type === 'screen-pop' ? [{ at, contact: message.screenPop.contact }] : []));
      const own = rings.get(agent) ?? [];
      if (cards.length !== own.length) throw new Error(`agent ${agent} had ${cards.length} cards and ${own.length} rings`);
      for (const [index, { at, contact }] of cards.entries()) {
        const [rangMs, sent] = [(own[index]?.atUs ?? Number.NaN) / 1_000, sentMs.get(contact)];
        if (sent === undefined) throw new Error(`the card of ${contact} is not in the capture`);
        leadMs.push(rangMs - sent);
        received.push(at - rangMs);
        if (sent >= rangMs) lateMs.push(sent - rangMs);
      }
    }
    const share = (count: number): number => rounded((count / leadMs.length) * 100, 2);
    const [sentBefore, receivedBefore] = [share(leadMs.length - lateMs.length), share(received.filter((ms) => ms <= 0).length)];
    console.table({ [words.lead[lang]]: spread(leadMs), [words.received[lang]]: spread(received.map((ms) => -ms)) });
    stdout.write(words.shares[lang](leadMs.length, sentBefore, receivedBefore));
    printFigures({ calls: leadMs.length, sentBeforeRingPercent: sentBefore, receivedBeforeRingPercent: receivedBefore, leadP50Ms: spread(leadMs).p50, latestMs: rounded(Math.max(0, ...lateMs), 2) }, values.json);
  } finally {
    await stage.stop();
  }
  return 0;
}

const words = {
  begin: { en: (calls: number) => `${calls} calls, ${callsPerSecond}/s, to ${agents} agents with desktops …\n`, zh: (calls: number) => `${calls} 通来电，每秒 ${callsPerSecond} 通，${agents} 名坐席（均已打开桌面）…\n` },
  lead: { en: 'card sent, ms before the 180', zh: '弹屏发出，早于 180 的毫秒数' },
  received: { en: 'card received, ms before the 180', zh: '弹屏收到，早于 180 的毫秒数' },
  shares: {
    en: (calls: number, sent: number, received: number) => `Of ${calls} cards ${sent} % were sent, and ${received} % received at the desktop (its clock counts whole milliseconds), before the phone said 180.\n`,
    zh: (calls: number, sent: number, received: number) => `共 ${calls} 次弹屏，${sent} % 在话机回 180 之前发出，${received} % 在此之前到达桌面（桌面时钟精度为 1 毫秒）。\n`,
  },
} as const;
