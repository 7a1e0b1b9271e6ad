/**
 * SIP and RTP over a bad network: 5 % of all datagrams are lost, 2 % come twice, all come 200 ms late, each way, between
 * Asterisk and everybody who calls or is called. Each message that a call is made of is lost once and doubled once for
 * certain. Every caller is one contact and served once, nobody rings or talks on after it, and two people hear each other.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toneSeconds } from '../../runtime/tone.ts';
import { until } from '../../runtime/until.ts';
import type { SippRun } from '../../runtime/sipp.ts';
import { patient } from '../../stage/farm.ts';
import type { Stage } from '../../stage/stage.ts';
import type { Mark, SipWire } from '../../stage/sip-wire.ts';
import { caller, phone } from '../actors/lossy-line.ts';
import { recordingOfTalk } from '../actors/supervisor.ts';
import { loud, speak, tones } from '../actors/voices.ts';
import type { Case, Size } from '../case.ts';
import { positionNow, rowsSince, type Position } from '../rows.ts';

const fault = { lost: 0.05, twice: 0.02, lateMs: 200 };
const [ringing, working] = [3, 6];
/** `leaving` hang up while they wait or while a phone rings for them; `staying` are served. */
const calls = { short: { leaving: 5, staying: 10 }, long: { leaving: 60, staying: 180 } } as const;
/** A message that is lost three times in a row costs 3.5 s, and each call has a dozen of them. */
const limitSeconds = { short: 30, long: 200 } as const;
/** Long enough for a phone to ring; those for whom there is none wait. */
const leaveAfterMs = 1_500;
/** So much of the other's voice each must hear. */
const heardSeconds = 3;

const messages: Readonly<Record<Mark['way'], readonly string[]>> = {
  'to-asterisk': ['INVITE', '180 INVITE', '200 INVITE', '487 INVITE', 'ACK', 'BYE', '200 BYE', '200 CANCEL'],
  'to-phones': ['INVITE', '100 INVITE', '200 INVITE', 'ACK', 'BYE', '200 BYE', 'CANCEL'],
};

export const wireLossy: Case = {
  name: 'wire-lossy',
  says: { en: 'SIP and RTP with 5 % loss, 200 ms delay and 2 % duplicates, each way', zh: 'SIP 与 RTP 双向丢包 5%、延迟 200 毫秒、重复 2%' },
  stage: { agents: ringing + working + 1, wires: ['sip'] },
  async run({ stage, size, seed }) {
    const { sip: wire } = stage.wires;
    if (wire === undefined) throw new Error('the stage has no wire');
    const position = await positionNow(stage);
    const speaker = stage.agents.at(-1) ?? '';
    const [ringers, workers] = await Promise.all([
      stage.phones(stage.agents.slice(0, ringing), phone({ ringMs: 60_000, talkMs: 1_000 }), patient),
      stage.phones(stage.agents.slice(ringing, ringing + working), phone({ ringMs: 200, talkMs: 1_000 }), patient),
    ]);
    await reachable(stage, [...ringers.agents, ...workers.agents]);
    wire.lossy({ seed, ...fault });
    const voices = await speak(stage, speaker);
    const recording = await recordingOfTalk(stage, speaker);
    const marks = strike(wire);
    const call = (count: number, stayMs?: number): Promise<SippRun> =>
      stage.callers({ calls: count, callsPerSecond: 10, scenario: caller(stayMs), args: patient, limitSeconds: limitSeconds[size] });
    const { leaving, staying } = calls[size];

    const idle = await stage.ready(ringers.agents);
    const left = await call(leaving, leaveAfterMs);
    await ended(stage, position, leaving, size);
    for (const desktop of idle) await desktop.command({ type: 'sign-out' });
    const served = await call(staying);
    const busy = await stage.ready(workers.agents);
    await ended(stage, position, leaving + staying, size);
    // Not before: an agent who is free takes the next caller, and this one hangs up on nobody.
    await voices.hear(heardSeconds);
    await voices.caller.hangUp();
    await ended(stage, position, leaving + staying + 1, size);
    await wentWell(left, leaving);
    await wentWell(served, staying);

    unmet(marks);
    const figures = sharesOf(wire);
    wire.heal();
    for (const desktop of busy) await desktop.command({ type: 'sign-out' });
    for (const desktop of [...idle, ...busy]) await desktop.close();
    await Promise.all([voices.leave(), ringers.stop(), workers.stop()]);
    await bothRecorded(stage, recording);
    await servedOnce(stage, position, { staying: staying + 1, leaving });
    return { placed: leaving + staying + 1, figures };
  },
};

/**
 * SIPp's phones answer Asterisk's OPTIONS only once all of them have registered. On a bad line that took longer than
 * Asterisk waits, and they counted as away for half a minute, as no phone does that listens while it registers.
 */
const reachable = (stage: Stage, agents: readonly string[]): Promise<true> =>
  until(async () => {
    const endpoints = await stage.ask<{ readonly resource: string; readonly state: string }>('endpoints/PJSIP');
    return agents.every((agent) => endpoints.some(({ resource, state }) => resource === agent && state === 'online')) || undefined;
  }, { limitMs: 10_000, everyMs: 50, what: 'Asterisk reaches every phone' });

/** Answers what no call has met yet. */
function strike(wire: SipWire): ReadonlySet<string> {
  const open = new Set<string>();
  for (const way of ['to-asterisk', 'to-phones'] as const) {
    for (const message of messages[way]) {
      for (const fate of ['lost', 'twice'] as const) {
        const what = `${message} ${way}, ${fate}`;
        open.add(what);
        void wire.next({ message, way, fate }).done.then(() => open.delete(what));
      }
    }
  }
  return open;
}

function unmet(marks: ReadonlySet<string>): void {
  if (marks.size > 0) throw new Error(`no call has met: ${[...marks].join('; ')}`);
}

async function wentWell(run: SippRun, calls: number): Promise<void> {
  const { successful, errors } = await run.outcome;
  if (successful !== calls) throw new Error(`${successful} of ${calls} calls ended well: ${errors.slice(-2_000)}`);
}

/** Contacts that came since are over, so many in all. */
const ended = ({ db, config }: Stage, position: Position, contacts: number, size: Size): Promise<true> =>
  until(async () => {
    const { events } = await rowsSince(db, config.centre.id, position);
    return events.filter(({ type }) => type === 'contact-ended').length >= contacts || undefined;
  }, { limitMs: limitSeconds[size] * 1_000, everyMs: 100, what: `${contacts} contacts have ended` });

function sharesOf(wire: SipWire): Record<string, number> {
  const both = (['to-asterisk', 'to-phones'] as const).map((way) => wire.tally(way));
  const sum = (kind: 'sip' | 'media', what: 'all' | 'lost' | 'twice'): number => both.reduce((total, tally) => total + tally[kind][what], 0);
  return { sipLost: sum('sip', 'lost'), sipTwice: sum('sip', 'twice'), sipAll: sum('sip', 'all'), mediaLost: sum('media', 'lost'), mediaTwice: sum('media', 'twice'), mediaAll: sum('media', 'all') };
}

/** The caller on the left, the agent on the right, and neither on the other's side. */
async function bothRecorded({ db, runtime }: Stage, recording: string): Promise<void> {
  const row = await until(() => db.selectFrom('recording').selectAll().where('id', '=', recording).where('status', '=', 'finalised').executeTakeFirst(), { limitMs: 10_000, what: `recording ${recording} is finalised` });
  const wav = await readFile(join(runtime.recordingsDir, row.path ?? ''));
  for (const [side, who] of (['caller', 'agent'] as const).entries()) {
    const [own, other] = [toneSeconds(wav, side, tones[who], loud), toneSeconds(wav, side, tones[who === 'caller' ? 'agent' : 'caller'], loud)];
    if (own < heardSeconds || other > 0) throw new Error(`on the side of the ${who}, the recording has ${own} s of the ${who} and ${other} s of the other`);
  }
}

async function servedOnce(stage: Stage, position: Position, expected: { readonly staying: number; readonly leaving: number }): Promise<void> {
  const { events, offers } = await rowsSince(stage.db, stage.config.centre.id, position);
  const talks = [...Map.groupBy(events.filter(({ type }) => type === 'contact-connected'), ({ contact }) => contact).values()];
  const ends = tally(events.filter(({ type }) => type === 'contact-ended').map(({ body }) => `${String(body['reason'])} in ${String(body['during'])}`));
  const outcomes = tally(offers.map(({ outcome }) => String(outcome)));
  const found = JSON.stringify({ talks: talks.length, ends, outcomes });
  const { staying, leaving } = expected;
  if (talks.length !== staying || talks.some(({ length }) => length !== 1)) throw new Error(`not everybody was served once: ${found}`);
  if (ends['agent-hung-up in talk'] !== staying - 1 || ends['caller-hung-up in talk'] !== 1 || ends['caller-hung-up in queue'] !== leaving) throw new Error(`calls ended otherwise: ${found}`);
  if (outcomes['accepted'] !== staying || (outcomes['withdrawn'] ?? 0) === 0 || Object.keys(outcomes).length !== 2) throw new Error(`offers ended otherwise: ${found}`);
}

const tally = (words: readonly string[]): Record<string, number> => Object.fromEntries([...Map.groupBy(words, (word) => word)].map(([word, all]) => [word, all.length]));
