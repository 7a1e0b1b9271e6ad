// What the demo holds to be true when the play is over: what was heard, what is stored, what the report says.

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { contacts, type ContactStory } from '../src/store/contacts.ts';
import type { Database } from '../src/store/database.ts';
import { recordings } from '../src/store/recordings.ts';
import { makeSeal } from '../src/store/seal.ts';
import { intervals, total } from '../src/reports/intervals.ts';
import type { Runtime } from '../runtime/centre.ts';
import { findSound } from '../runtime/likeness.ts';
import type { Phone } from '../runtime/phone.ts';
import { toneSeconds } from '../runtime/tone.ts';
import { until } from '../runtime/until.ts';
import { decodeWav } from '../runtime/wav.ts';
import type { Stage } from './demo-play.ts';
import { sentence, seconds } from './story.ts';

/** Frequencies that neither the music nor speech holds for long. */
export const tones = { caller: 1850, agent: 1370 } as const;
/** Measured against the welcome: itself 1.00, other prompts of the same voice 0.17 to 0.61. */
const heardAt = 0.7;

/** What each side heard, from the files that the phones wrote. */
export async function checkAudio({ runtime, timeline, config }: Stage, caller: Phone, agent: Phone): Promise<void> {
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

export async function checkStory({ runtime, timeline, lang, config }: Stage, db: Database, contact: string): Promise<ContactStory> {
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

export async function checkRecording({ runtime, timeline, config }: Stage, db: Database, story: ContactStory): Promise<string> {
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

export async function tellReport({ timeline, config, lang }: Stage, db: Database, story: ContactStory): Promise<void> {
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
