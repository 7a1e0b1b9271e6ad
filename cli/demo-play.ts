// The play: a caller, an agent with phone and desktop, a supervisor who looks on.

import { join } from 'node:path';
import { pino } from 'pino';
import type { CentreConfig } from '../src/config/centre-config.ts';
import { openDatabase } from '../src/store/database.ts';
import { directory } from '../src/store/directory.ts';
import { makeSeal } from '../src/store/seal.ts';
import type { Runtime } from '../runtime/centre.ts';
import { openDesktop, type Desktop } from '../runtime/desktop.ts';
import type { Lang } from '../runtime/environment.ts';
import { startPhone, type Phone } from '../runtime/phone.ts';
import type { Service } from '../runtime/service.ts';
import { until } from '../runtime/until.ts';
import { checkAudio, checkRecording, checkStory, tellReport, tones } from './demo-checks.ts';
import { seconds } from './story.ts';
import type { Timeline } from './timeline.ts';

export type Stage = {
  runtime: Runtime;
  service: Service;
  timeline: Timeline;
  lang: Lang;
  /** A folder for the phones' own files. */
  phones: string;
  config: CentreConfig;
  release: (stop: () => Promise<unknown>) => void;
};

const callerNumber = '13800138000';
const who = {
  caller: { zh: '来电者', en: 'caller' },
  agent: { zh: '坐席 1001', en: 'agent 1001' },
  hotline: { zh: '热线', en: 'hotline' },
  supervisor: { zh: '班长', en: 'supervisor' },
} as const;

export async function playDemo(stage: Stage): Promise<{ contact: string; recording: string }> {
  const { runtime, timeline, config, release } = stage;
  const db = openDatabase(runtime.databaseUrl, { log: pino({ level: 'silent' }) });
  release(() => db.destroy());
  const customers = directory(db, { centre: config.centre.id, seal: makeSeal(runtime.secrets.storeKey) });
  await customers.upsert({ name: '张伟', number: callerNumber, tier: 'VIP', note: '宽带用户，上月报修过一次', data: { 地址: '北京市海淀区' } });

  const { caller, agent } = await takePlaces(stage);
  const [desktop, supervisor] = await Promise.all([
    openDesktop(stage.service.url, '1001', runtime.secrets.agents['1001']?.web ?? ''),
    openDesktop(stage.service.url, '2001', runtime.secrets.agents['2001']?.web ?? ''),
  ]);
  release(() => Promise.all([desktop.close(), supervisor.close()]));
  timeline.happened(who.agent, { zh: '登录桌面，暂不接听', en: 'signs in at the desktop, not yet ready' });
  // An agent is what it was when the last demo ended: a restart signs nobody out.
  const was = (await desktop.waitFor('snapshot')).message.me?.presence.status;
  if (was === 'offline') await desktop.command({ type: 'sign-in' });
  else if (was !== 'paused') await desktop.command({ type: 'pause', reason: 'rest' });

  timeline.begin();
  await firstCall(stage, caller, supervisor);
  const contact = await callIn(stage, caller, supervisor);
  await answerIt(stage, agent, desktop, contact);
  await talkAndHangUp(stage, caller, agent, desktop, contact);
  await sumUp(stage, desktop, contact);
  await checkAudio(stage, caller, agent);
  const story = await checkStory(stage, db, contact);
  const recording = await checkRecording(stage, db, story);
  await tellReport(stage, db, story);
  return { contact, recording };
}

async function takePlaces({ runtime, timeline, phones, release }: Stage): Promise<{ caller: Phone; agent: Phone }> {
  const server = { host: runtime.sipHost, port: runtime.sipPort };
  const agent = await timeline.check('phone-registered', { zh: '坐席 1001 的话机注册成功（摘要认证）', en: 'the phone of agent 1001 registers with digest authentication' }, async () => {
    const phone = await startPhone({ programs: runtime.programs, folder: join(phones, 'agent'), user: '1001', password: runtime.secrets.agents['1001']?.sip ?? '', server, tone: tones.agent });
    release(() => phone.stop());
    await phone.waitFor('registered');
    return phone;
  });
  const caller = await startPhone({ programs: runtime.programs, folder: join(phones, 'caller'), user: callerNumber, server, tone: tones.caller });
  release(() => caller.stop());
  return { caller, agent };
}

/** So that there is an earlier contact to show: the same caller, gone before the menu was over. */
async function firstCall({ timeline }: Stage, caller: Phone, supervisor: Desktop): Promise<void> {
  timeline.happened(who.caller, { zh: '先打来一次，在菜单里挂断', en: 'calls a first time and hangs up in the menu' });
  await caller.dial('4000');
  await caller.waitFor('established');
  const { message } = await supervisor.waitFor('contact-changed');
  // baresip may crash when a call ends before its player has begun.
  await pause(600);
  await caller.hangUp();
  await caller.waitFor('closed');
  const { contact } = message.contact;
  await supervisor.waitFor('contact-ended', (ended) => ended.contact === contact);
  await until(async () => ((await supervisor.get(`/api/contacts/${contact}`).catch(() => null)) as { endedAt?: number } | null)?.endedAt ?? undefined, { limitMs: 5_000, what: 'the first call in Postgres' });
}

async function callIn({ timeline }: Stage, caller: Phone, supervisor: Desktop): Promise<string> {
  const seen = supervisor.heard.length;
  timeline.happened(who.caller, { zh: `${callerNumber} 拨打 4000`, en: `${callerNumber} dials 4000` });
  await timeline.check('caller-answered', { zh: '热线应答，播放欢迎语和菜单', en: 'the hotline answers with the welcome and the menu' }, async () => {
    await caller.dial('4000');
    await caller.waitFor('established');
  });
  const arrived = await until(() => supervisor.heard.slice(seen).flatMap(({ message }) => (message.type === 'contact-changed' ? [message.contact.contact] : []))[0], { limitMs: 5_000, what: 'the call at the supervisor' });
  const at = (node: string) => supervisor.waitFor('contact-changed', ({ contact }) => contact.contact === arrived && contact.node === node, 30_000);
  await at('hours');
  // A person listens for a moment before choosing.
  await pause(1_000);
  timeline.happened(who.caller, { zh: '按 1（RFC 4733），打断菜单', en: 'presses 1 (RFC 4733) into the menu' });
  await timeline.check('key-understood', { zh: '选择账单，进入队列，播放等待音乐', en: 'billing is chosen, the caller waits with music' }, async () => {
    await caller.sendKeys('1');
    await supervisor.waitFor('contact-changed', ({ contact }) => contact.contact === arrived && contact.status === 'waiting' && contact.queue === 'billing');
  });
  await pause(2_500);
  return arrived;
}

async function answerIt({ timeline, config, lang }: Stage, agent: Phone, desktop: Desktop, contact: string): Promise<void> {
  timeline.happened(who.agent, { zh: '示闲', en: 'is ready' });
  await desktop.command({ type: 'make-ready' });
  const rang = await timeline.check('phone-rings', { zh: '坐席话机振铃', en: 'the agent’s phone rings' }, () => agent.waitFor('incoming'));
  const pop = await timeline.check('screen-pop', { zh: '弹屏到达桌面', en: 'the screen pops' }, () => desktop.waitFor('screen-pop', ({ screenPop }) => screenPop.contact === contact));
  const { screenPop } = pop.message;
  const { customer, earlier } = screenPop.record ?? { customer: null, earlier: [] };
  const path = screenPop.path.map(({ node, took }) => (took === '' ? node : `${node} ${took}`)).join(' › ');
  timeline.print([
    '         ┌────────────────────────────────────────────────────────',
    `         │ ${screenPop.ani}   ${customer?.name ?? '?'} ${customer?.tier ?? ''}   ${customer?.note ?? ''}`,
    `         │ ${[...config.queues.values()].find(({ id }) => id === screenPop.queue)?.name[lang] ?? screenPop.queue} · ${seconds(screenPop.waitMs)} · ${path}`,
    ...earlier.slice(0, 3).map((one) => `         │ ${new Date(one.arrivedAt).toISOString().slice(0, 19).replace('T', ' ')} ${one.queue ?? '-'} ${one.agent ?? '-'} ${one.disposition ?? ''}`),
    '         └────────────────────────────────────────────────────────',
  ]);
  const complete = screenPop.ani === callerNumber && customer?.name === '张伟' && path.includes('menu') && screenPop.queue === 'billing' && screenPop.waitMs >= 2_000 && earlier.length > 0;
  timeline.holds('screen-pop-complete', { zh: '弹屏含号码、客户、菜单路径、队列、等待时长、历史来电', en: 'it shows number, customer, way through the menu, queue, wait and earlier contacts' }, complete);
  const ringing = agent.pending('established') === false && agent.pending('closed') === false;
  timeline.holds('screen-pop-while-ringing', { zh: `弹屏在振铃期间到达（先于振铃 ${rang.at - pop.at} 毫秒）`, en: `it came while the phone rings (${rang.at - pop.at} ms before the ring)` }, ringing && pop.at - rang.at < 500, rang.at - pop.at);
  await pause(1_000);
  timeline.happened(who.agent, { zh: '接听', en: 'answers' });
  await timeline.check('agent-answers', { zh: '接通', en: 'they are connected' }, async () => {
    await agent.answer();
    await agent.waitFor('established');
    await desktop.waitFor('my-state', ({ me }) => me.presence.status === 'talking' && me.presence.contact === contact);
  });
}

async function talkAndHangUp({ timeline }: Stage, caller: Phone, agent: Phone, desktop: Desktop, contact: string): Promise<void> {
  timeline.happened(who.hotline, { zh: '“1001 号为您服务”，随后双方通话', en: 'reads the agent’s number, then both talk' });
  await pause(6_000);
  timeline.happened(who.caller, { zh: '挂断', en: 'hangs up' });
  await timeline.check('wrap-up', { zh: '坐席进入话后整理', en: 'the agent is in wrap-up' }, async () => {
    await caller.hangUp();
    await Promise.all([caller.waitFor('closed'), agent.waitFor('closed')]);
    await desktop.waitFor('my-state', ({ me }) => me.presence.status === 'wrap-up' && me.presence.contact === contact);
  });
}

async function sumUp({ timeline }: Stage, desktop: Desktop, contact: string): Promise<void> {
  await timeline.check('disposition', { zh: '提交通话小结“已解决”', en: 'the disposition “solved” is sent' }, () => desktop.command({ type: 'dispose', contact, disposition: { code: 'solved', note: '账单已核对' } }));
  await timeline.check('ready-again', { zh: '结束整理，再次示闲', en: 'the wrap-up is done, the agent is ready again' }, async () => {
    const seen = desktop.heard.length;
    await desktop.command({ type: 'finish-wrap-up' });
    await until(() => desktop.heard.slice(seen).find(({ message }) => message.type === 'my-state' && message.me.presence.status === 'ready'), { limitMs: 5_000, what: 'ready' });
  });
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
