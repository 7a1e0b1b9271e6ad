/**
 * A caller is answered: how long until the first voice packet that really holds the prompt? Silence and comfort noise
 * do not count: each packet is compared with the prompt's own A-law bytes. Stock Answer and Playback of the same file
 * in the same Asterisk beside it, in turn.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stderr, stdout } from 'node:process';
import { parseArgs } from 'node:util';
import type { Invocation } from '../cli/main.ts';
import { SetupError } from '../runtime/setup-error.ts';
import { asteriskCli } from '../stage/asterisk-cli.ts';
import { startCapture } from '../stage/capture.ts';
import type { Packet } from '../stage/pcap.ts';
import { sipMessagesIn } from '../stage/sip-message.ts';
import { startStage, type Stage } from '../stage/stage.ts';
import { printFigures, spread } from './figures.ts';
import { mayCapture } from './own-network.ts';
import { promptDelaysMs } from './prompt-packets.ts';

const [ours, stock] = ['5100', '7100'];
const callsPerSecond = 5;
const rounds = 2;

export async function run({ lang, args }: Invocation): Promise<number> {
  const { values } = parseArgs({ args, options: { json: { type: 'boolean' }, calls: { type: 'string', default: '100' } } });
  const calls = Number(values.calls);
  if (!Number.isInteger(calls) || calls < 1 || calls > 10_000) throw new SetupError({ en: '--calls takes 1 to 10000.', zh: '--calls 应为 1 到 10000。' });
  if (!(await mayCapture())) throw new SetupError({ en: 'Only a packet capture shows voice; this user may not capture here. Run it as root.', zh: '只有抓包才能看到语音，当前用户无权抓包。请以 root 运行。' });
  const stage = await startStage({
    agents: 1, runtime: { durable: true },
    edits: { 'centre.yaml': { [`numbers/${ours}`]: 'prompted' }, 'prompts.yaml': { 'bench-prompt/zh': '这是测试提示音，用来测量接通之后多久能听到声音。', 'bench-prompt/en': 'This prompt is here to be measured.' } },
    flows: { prompted: 'start: say\nnodes:\n  say: { play: bench-prompt, next: end }\n  end: { hangup: true }\n' },
  });
  try {
    const prompt = await promptFile(stage);
    for (const [index, step] of ['Answer()', `Playback(${prompt.name})`, 'Hangup()'].entries()) await asteriskCli(stage.runtime, `dialplan add extension "${stock},${index + 1},${step}" into hotline`);
    const delays: Record<string, number[]> = { [ours]: [], [stock]: [] };
    // One round more than counts: the first is the warm-up.
    for (let round = 0; round <= rounds; round += 1) {
      for (const number of [ours, stock]) {
        const seen = await listen(stage, number, Math.ceil(calls / rounds), prompt.audio);
        stderr.write(`${number === ours ? words.ours[lang] : words.stock[lang]}: ${seen.length}\n`);
        if (round > 0) delays[number]?.push(...seen);
      }
    }
    const [mine, theirs] = [spread(delays[ours] ?? []), spread(delays[stock] ?? [])];
    console.table({ [words.ours[lang]]: mine, [words.stock[lang]]: theirs });
    stdout.write(`${words.about[lang]}\n`);
    printFigures({ calls: delays[ours]?.length ?? 0, p50Ms: mine.p50, p99Ms: mine.p99, maxMs: mine.max, stockP50Ms: theirs.p50, stockP99Ms: theirs.p99, stockMaxMs: theirs.max }, values.json);
  } finally {
    await stage.stop();
  }
  return 0;
}

/** The service has spoken and kept it before the first call. */
async function promptFile({ runtime }: Stage): Promise<{ name: string; audio: Buffer }> {
  const folder = join(runtime.soundsDir, 'rexian/zh');
  const file = (await readdir(folder)).find((name) => name.startsWith('bench-prompt-') && name.endsWith('.alaw'));
  if (file === undefined) throw new Error(`no bench-prompt in ${folder}`);
  return { name: join(folder, file.slice(0, -'.alaw'.length)), audio: await readFile(join(folder, file)) };
}

async function listen(stage: Stage, number: string, calls: number, audio: Buffer): Promise<number[]> {
  const capture = await startCapture({ programs: stage.runtime.programs, file: join(await stage.folder('prompt'), 'voice.pcap'), filter: 'udp' });
  const run = await stage.callers({ calls, callsPerSecond, number, stayMs: 1_500, limitSeconds: 120 });
  const { successful, errors } = await run.outcome;
  const packets: Packet[] = await capture.stop();
  if (successful !== calls) throw new Error(`${successful} of ${calls} calls to ${number} were answered: ${errors.slice(0, 500)}`);
  const delays = promptDelaysMs({ messages: sipMessagesIn(packets), packets, asteriskPort: stage.runtime.sipPort, audio });
  if (delays.length !== calls) throw new Error(`the prompt was heard in ${delays.length} of ${calls} calls to ${number}`);
  return delays;
}

const words = {
  ours: { en: 'ours', zh: '本系统' },
  stock: { en: 'Answer + Playback', zh: 'Answer + Playback' },
  about: {
    en: '200 OK to the caller → first RTP packet with the prompt’s own bytes, in milliseconds, from a capture on loopback.\nThe callers send no voice of their own; Answer() waits for it, up to half a second.',
    zh: '从对主叫的 200 OK 到第一个含有提示音数据的 RTP 包，单位毫秒，取自本机回环抓包。\n主叫不发送语音，而 Answer() 会为此最多等待半秒。',
  },
} as const;
