// The play: a caller, an agent with phone and desktop, a supervisor who looks on.

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import type { CentreConfig } from '../src/config/centre-config.ts';
import { contacts, type ContactStory } from '../src/store/contacts.ts';
import { openDatabase, type Database } from '../src/store/database.ts';
import { directory } from '../src/store/directory.ts';
import { recordings } from '../src/store/recordings.ts';
import { makeSeal } from '../src/store/seal.ts';
import { intervals, total } from '../src/reports/intervals.ts';
import type { Runtime } from '../runtime/centre.ts';
import { openDesktop, type Desktop } from '../runtime/desktop.ts';
import type { Lang } from '../runtime/environment.ts';
import { findSound } from '../runtime/likeness.ts';
import { startPhone, type Phone } from '../runtime/phone.ts';
import type { Service } from '../runtime/service.ts';
import { toneSeconds } from '../runtime/tone.ts';
import { until } from '../runtime/until.ts';
import { decodeWav } from '../runtime/wav.ts';
import { sentence, seconds } from './story.ts';
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
/** Frequencies that neither the music nor speech holds for long. */
const tones = { caller: 1850, agent: 1370 } as const;
/** Measured against the welcome: itself 1.00, other prompts of the same voice 0.17 to 0.61. */
const heardAt = 0.7;
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

/** What each side heard, from the files that the phones wrote. */
async function checkAudio({ runtime, timeline, config }: Stage, caller: Phone, agent: Phone): Promise<void> {
  const [heardByCaller, heardByAgent] = [await caller.receivedWav(), await agent.receivedWav()];
  const sound = async (name: string) => decodeWav(await readFile(join(runtime.soundsDir, `${name}.wav`)));
  const prompt = await soundOf(runtime, config.centre.language);
  const welcome = findSound(await sound(await prompt('welcome')), heardByCaller);
  timeline.holds('welcome-heard', { zh: `来电者听到欢迎语（相似度 ${welcome.likeness.toFixed(2)}）`, en: `the caller heard the welcome (likeness ${welcome.likeness.toFixed(2)})` }, welcome.likeness > heardAt);
  const music = findSound(decodeWav(await readFile(await musicFile(runtime))), heardByCaller);
  timeline.holds('music-heard', { zh: `听到等待音乐（相似度 ${music.likeness.toFixed(2)}）`, en: `and the music (likeness ${music.likeness.toFixed(2)})` }, music.likeness > heardAt);
  const number = findSound(await sound(await prompt('agent-1001')), heardByCaller);
  timeline.holds('agent-number-heard', { zh: `听到“1001 号为您服务”（相似度 ${number.likeness.toFixed(2)}）`, en: `and the agent’s number (likeness ${number.likeness.toFixed(2)})` }, number.likeness > heardAt);
  const [agentAtCaller, callerAtAgent] = [toneSeconds(heardByCaller, 0, tones.agent), toneSeconds(heardByAgent, 0, tones.caller)];
  timeline.holds('caller-hears-agent', { zh: `来电者听到坐席的 ${tones.agent} Hz（${agentAtCaller.toFixed(1)} 秒）`, en: `the caller heard the agent’s ${tones.agent} Hz for ${agentAtCaller.toFixed(1)} s` }, agentAtCaller > 1.5);
  timeline.holds('agent-hears-caller', { zh: `坐席听到来电者的 ${tones.caller} Hz（${callerAtAgent.toFixed(1)} 秒）`, en: `the agent heard the caller’s ${tones.caller} Hz for ${callerAtAgent.toFixed(1)} s` }, callerAtAgent > 1.5);
}

async function checkStory({ runtime, timeline, lang, config }: Stage, db: Database, contact: string): Promise<ContactStory> {
  const reads = contacts(db, { centre: config.centre.id, seal: makeSeal(runtime.secrets.storeKey) });
  const story = await timeline.check('contact-in-postgres', { zh: 'PostgreSQL 中有这通电话', en: 'Postgres holds the contact' }, () =>
    until(async () => {
      const found = await reads.find(contact);
      return found?.endedAt && found.disposition ? found : undefined;
    }, { limitMs: 5_000, what: 'the contact in Postgres' }),
  );
  const numbers = story.events.flatMap(({ event }) => event.n ?? []);
  const inOrder = numbers.every((n, index) => n === index + 1) && story.events.filter(({ event }) => event.type === 'contact-ended').length === 1;
  timeline.print(['', ...story.events.flatMap(({ id, event }) => {
    const text = sentence(event, lang);
    return text === null ? [] : [`   ${new Date(event.at).toISOString().slice(11, 23)}  ${id.padEnd(14)} ${event.type.padEnd(20)} ${text}`];
  }), '']);
  timeline.holds('events-in-order', { zh: `${story.events.length} 个事件，编号连续，结束一次`, en: `${story.events.length} events, numbered without a gap, one end` }, inOrder);
  return story;
}

async function checkRecording({ runtime, timeline, config }: Stage, db: Database, story: ContactStory): Promise<string> {
  const id = story.recordings[0] ?? '';
  const reads = recordings(db, { centre: config.centre.id });
  const row = await timeline.check('recording-finalised', { zh: '录音已归档', en: 'the recording is filed' }, () =>
    until(async () => {
      const found = await reads.find(id);
      return found?.status === 'finalised' ? found : undefined;
    }, { limitMs: 15_000, everyMs: 100, what: 'the recording' }),
  );
  const wav = decodeWav(await readFile(join(runtime.recordingsDir, row.path ?? '')));
  const side = (channel: number, hz: number): number => toneSeconds(wav, channel, hz);
  const stereo = wav.channels.length === 2 && side(0, tones.caller) > 1.5 && side(1, tones.agent) > 1.5 && side(0, tones.agent) < 0.5 && side(1, tones.caller) < 0.5;
  timeline.print([`         ${join(runtime.recordingsDir, row.path ?? '')}  ${seconds(row.durationMs ?? 0)}  sha256 ${(row.sha256 ?? '').slice(0, 16)}…`]);
  timeline.holds('recording-stereo', { zh: '双声道：来电者在左，坐席在右，各在各边', en: 'stereo: the caller left, the agent right, each on their own side' }, stereo);
  timeline.holds('recording-indexed', { zh: '时长、校验和、路径已入库', en: 'duration, checksum and path are in Postgres' }, story.recordings.length === 1 && row.durationMs !== null && row.sha256 !== null);
  return id;
}

async function tellReport({ timeline, config, lang }: Stage, db: Database, story: ContactStory): Promise<void> {
  const rows = await intervals(db, { centre: config.centre.id, timeZone: () => config.centre.timeZone }).read({ from: story.arrivedAt, to: story.arrivedAt + 900_000, everyMs: 900_000 });
  const sum = total(rows);
  const percent = (rate: number | null): string => (rate === null ? '-' : `${(rate * 100).toFixed(2)} %`);
  const line = lang === 'zh'
    ? `报表：呼入 ${sum.offered}，接通 ${sum.answered}，接通率 ${percent(sum.answerRate)}，15 秒接起率 ${percent(sum.inTimeRate)}，平均等待 ${seconds(sum.averageWaitMs ?? 0)}，平均通话 ${seconds(sum.averageTalkMs ?? 0)}`
    : `Report: offered ${sum.offered}, answered ${sum.answered}, answer rate ${percent(sum.answerRate)}, within 15 s ${percent(sum.inTimeRate)}, average wait ${seconds(sum.averageWaitMs ?? 0)}, average talk ${seconds(sum.averageTalkMs ?? 0)}`;
  timeline.print(['', line]);
  timeline.holds('report', { zh: '报表与通话一致', en: 'the report agrees with the call' }, sum.offered === 1 && sum.answered === 1 && sum.inTime === 1 && sum.talked === 1);
}

async function soundOf(runtime: Runtime, language: string): Promise<(name: string) => Promise<string>> {
  const folder = `rexian/${language}`;
  const files = await readdir(join(runtime.soundsDir, folder));
  return async (name) => {
    const file = files.find((one) => one.startsWith(`${name}-`) && one.endsWith('.wav'));
    if (file === undefined) throw new Error(`no sound ${name} in ${folder}`);
    return `${folder}/${file.slice(0, -4)}`;
  };
}

async function musicFile(runtime: Runtime): Promise<string> {
  const folder = join(runtime.soundsDir, 'music');
  const file = (await readdir(folder)).find((one) => one.endsWith('.wav'));
  if (file === undefined) throw new Error(`no music in ${folder}`);
  return join(folder, file);
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
