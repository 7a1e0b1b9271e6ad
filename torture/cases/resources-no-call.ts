// "No recording, no call": while the folder for recordings is gone, read-only or full, nobody of a recorded queue talks.

import type { Desktop } from '../../runtime/desktop.ts';
import { line } from '../../stage/centre-files.ts';
import type { Stage, StageOptions } from '../../stage/stage.ts';
import type { Agent } from '../../src/acd/agent.ts';
import type { AlarmCode } from '../../src/acd/model.ts';
import { recorderFaults } from '../../src/telephony/port.ts';
import { beginShift } from '../actors/shift.ts';
import { cannotMount, smallDisk, type SmallDisk } from '../actors/small-disk.ts';
import { warned } from '../actors/supervisor.ts';
import type { Case } from '../case.ts';
import { count, gather, type Crowd } from '../crowd.ts';
import { allTold } from '../actors/stores.ts';
import { positionNow, rowsSince } from '../rows.ts';

/** A queue that is not recorded, beside the one that is. */
const unrecorded = { queue: 'unrecorded', number: '5100' };
const strict: StageOptions = {
  agents: 3,
  edits: {
    'centre.yaml': { 'recording/onFailure': 'no-call', [`numbers/${unrecorded.number}`]: 'straight-unrecorded' },
    'queues.yaml': { [unrecorded.queue]: { name: { zh: '不录音', en: 'Unrecorded' }, record: 'never', wrapUp: { time: '0ms', mode: 'time-boxed' } } },
    'agents.yaml': { '3003/queues': [line, unrecorded.queue] },
  },
  flows: { 'straight-unrecorded': `start: line\nnodes:\n  line: { queue: ${unrecorded.queue} }\n` },
};
const talking = 2;
/** Until their agents are told to hang up, or lose them. */
const talkMs = 120_000;
const shortTalkMs = 300;
const heldBack = { short: 2, long: 20 } as const;

export const resourcesNoCall: Case = {
  name: 'resources-no-call',
  says: { en: 'no recording, no call: the folder for recordings is gone, then read-only, then full', zh: '无录音不通话：录音目录先后不存在、只读、写满' },
  stage: strict,
  cannot: cannotMount,
  async run({ stage, size, say }) {
    const disk = await smallDisk(stage.runtime.recordingsDir, 10, stage.releaseLater);
    const position = await positionNow(stage);
    const supervisor = await stage.desktop('2001');
    const crowd = await gather(stage, { talking, waiting: 0, talkMs });
    const quick = stage.agents.slice(talking);
    const shift = await beginShift(stage, [{ agents: quick, script: { ringMs: 50, talkMs: shortTalkMs } }]);
    const requeuedMs = await talksLost(disk, supervisor, crowd);
    say({ en: 'those who talked waited and talked again', zh: '通话者重新排队后再次接通' });
    for (const [alarm, breaks] of faults) {
      await breaks(disk, true);
      await warned(supervisor, alarm, 'raised');
      await servedUnrecorded(stage, crowd);
      await crowd.call({ calls: heldBack[size], callsPerSecond: 50 });
      await crowd.until(`with ${alarm} those who call wait, and their agent is free`, (seen) => count(seen, 'waiting') === heldBack[size] && seen.agents.some(({ id, presence }) => id === quick[0] && presence.status === 'ready'));
      await breaks(disk, false);
      await warned(supervisor, alarm, 'cleared');
      await crowd.until('they are served', ({ contacts }) => contacts.length === 0, 30_000);
      say({ en: `${alarm}: held back, then served`, zh: `${alarm}：先等待，后接通` });
    }

    await crowd.served();
    await supervisor.close();
    await shift.end();
    await crowd.leave();
    await allTold(stage);
    const wrong = talkedUnrecorded(await rowsSince(stage.db, stage.config.centre.id, position));
    if (wrong.length > 0) throw new Error(wrong.slice(0, 5).join('\n'));
    return { placed: crowd.placed(), recordingsMayFail: true, figures: { requeuedMs } };
  },
};

const faults: readonly (readonly [AlarmCode, (disk: SmallDisk, is: boolean) => Promise<void>])[] = [
  ['recordings-unwritable', (disk, is) => disk.readOnly(is)],
  ['recordings-full', (disk, is) => (is ? disk.fill() : disk.free())],
];

/** The folder goes while they talk. Answers how long after its alarm nobody talked any more. */
async function talksLost(disk: SmallDisk, supervisor: Desktop, crowd: Crowd): Promise<number> {
  await disk.away(true);
  await warned(supervisor, 'recordings-missing', 'raised');
  const raisedAt = performance.now();
  await crowd.until('nobody talks unrecorded, and no agent is busy', (seen) => count(seen, 'waiting') === talking && seen.channels.length === talking && seen.agents.every(isFree));
  const requeuedMs = performance.now() - raisedAt;
  await disk.away(false);
  await warned(supervisor, 'recordings-missing', 'cleared');
  const { agents } = await crowd.until('they talk again, recorded', ({ contacts }) => contacts.every(({ state }) => state.status === 'connected' && state.recording !== undefined));
  for (const desktop of crowd.desktops) {
    // And take no more.
    await desktop.command({ type: 'pause', reason: 'rest' });
    if (agents.some(({ id, presence }) => id === desktop.agent && presence.status === 'talking')) await desktop.command({ type: 'hang-up' });
  }
  await crowd.until('nobody is left', ({ contacts }) => contacts.length === 0);
  return requeuedMs;
}

const isFree = ({ presence }: Agent): boolean => presence.status === 'ready' || presence.status === 'paused' || presence.status === 'offline';

/** A queue that is not recorded has nothing to do with it. */
async function servedUnrecorded(stage: Stage, crowd: Crowd): Promise<void> {
  const run = await crowd.call({ calls: 1, number: unrecorded.number });
  const { successful, errors } = await run.outcome;
  if (successful !== 1) throw new Error(`${stage.agents.at(-1)} did not serve the queue that is not recorded: ${errors.slice(0, 300)}`);
}

const unrecordable: ReadonlySet<string> = new Set(recorderFaults);

/** By the journal: who was offered or connected while the alarm stood, and talks without a recording that began. */
function talkedUnrecorded({ events }: Awaited<ReturnType<typeof rowsSince>>): string[] {
  let standing: string | undefined;
  const found: string[] = [];
  for (const { type, queue, contact, body } of events) {
    if (type === 'alarm-raised' && unrecordable.has(String(body['alarm']))) standing = String(body['alarm']);
    if (type === 'alarm-cleared' && body['alarm'] === standing) standing = undefined;
    if (standing !== undefined && queue === line && (type === 'offer-made' || type === 'contact-connected')) found.push(`${type} of ${contact} with ${standing}`);
  }
  const requeued = events.filter(({ type, body }) => type === 'contact-requeued' && body['because'] === 'not-recorded').length;
  if (requeued !== talking) found.push(`${requeued} of ${talking} talks that lost their recording waited again for that`);
  return found;
}
