/** What exists in Asterisk: its own word, read after each (re)connect. */
import { basename } from 'node:path';
import { z } from 'zod';
import { bridgeId, legId, recordingId } from '../base/ids.ts';
import type { LegId, RecordingId } from '../base/ids.ts';
import type { AriAnswer, AriConnection } from './ari/connection.ts';
import { numberOf, trunkOf } from './facts.ts';
import { isDialled, roleOf } from './ids.ts';
import { newLeg } from './legs.ts';
import type { Leg, Legs } from './legs.ts';
import type { SeenBridge, SeenLeg } from './port.ts';
import { readTicket, ticketVariable } from './ticket.ts';

export interface Sight {
  readonly startedAt: number;
  readonly seen: readonly SeenLeg[];
  readonly bridges: readonly SeenBridge[];
  /** The memory that belongs to it. */
  readonly legs: Legs;
}

/** Undefined when the connection went while looking. */
export async function lookAround(ari: Pick<AriConnection, 'request'>, app: string): Promise<Sight | undefined> {
  const [status, channels, bridges] = await Promise.all([
    ari.request({ method: 'GET', path: ['asterisk', 'info'], query: { only: 'status' } }),
    ari.request({ method: 'GET', path: ['channels'] }),
    ari.request({ method: 'GET', path: ['bridges'] }),
  ]);
  const started = bodyOf(status, statusShape);
  const all = bodyOf(channels, z.array(channelShape));
  const mixed = bodyOf(bridges, z.array(bridgeShape));
  if (started === undefined || all === undefined || mixed === undefined) return undefined;
  const found = await Promise.all(all.filter((channel) => isOurs(channel, app)).map((channel) => look(ari, app, channel)));
  if (found.includes('unanswered')) return undefined;
  const whole = found.filter((one) => typeof one === 'object');
  const ours = new Set(whole.map(({ seen }) => seen.leg));
  return {
    startedAt: started.status.startup_time,
    seen: whole.map(({ seen }) => seen),
    bridges: mixed.map(({ id, channels: members }) => ({ bridge: id, legs: members.filter((leg) => ours.has(leg)) })).filter(({ bridge }) => bridge.startsWith('rx-b-')),
    legs: new Map(whole.map(({ seen, leg }) => [seen.leg, leg])),
  };
}

/** Legs that were there before keep what only we knew of them. */
export function keepMemory(before: Legs, after: Legs): void {
  for (const [id, leg] of after) {
    const known = before.get(id);
    if (known === undefined) continue;
    for (const [play, state] of known.plays) leg.plays.set(play, state);
    if (known.music !== undefined) leg.music = known.music;
    if (known.recording !== undefined) leg.recording = known.recording;
    leg.rang ||= known.rang;
  }
}

type Channel = z.infer<typeof channelShape>;

/** A caller who is still in the dialplan, such as in the apology, has not come to us yet. */
function isOurs({ id, dialplan }: Channel, app: string): boolean {
  const role = roleOf(id);
  if (isDialled(role)) return true;
  return role === 'caller' && dialplan.app_name === 'Stasis' && dialplan.app_data.split(',')[0] === app;
}

async function look(ari: Pick<AriConnection, 'request'>, app: string, channel: Channel): Promise<{ seen: SeenLeg; leg: Leg } | 'gone' | 'unanswered'> {
  const { id, name, state, caller, dialplan, creationtime } = channel;
  const role = roleOf(id);
  // An application whose inbound websocket closed is another one when it comes back, and would hear no more of the
  // channels that it had.
  const heard = await ari.request({ method: 'POST', path: ['applications', app, 'subscription'], query: { eventSource: `channel:${id}` }, legs: [id] });
  if (!heard.answered) return 'unanswered';
  if (heard.status !== 200) return 'gone';
  const up = state === 'Up' && (role === 'caller' || dialplan.app_name === 'Stasis');
  const leg = newLeg(role, { up, name });
  leg.rang = state === 'Ringing' || up;
  const [, , dialled = '', from] = dialplan.app_data.split(',');
  const seen: SeenLeg = {
    leg: id, role, state: up ? 'up' : state === 'Ringing' || state === 'Up' ? 'ringing' : 'down',
    ani: numberOf(caller.number), dnis: role === 'caller' ? numberOf(dialled) : '', since: creationtime, ...(role === 'caller' ? trunkOf(name, from) : {}),
  };
  if (role !== 'caller' && role !== 'callback') return { seen, leg };
  const [ticket, recording] = await Promise.all([variable(ari, id, ticketVariable), recordingFileOf(ari, id)]);
  if (ticket === undefined || recording === undefined) return 'unanswered';
  if (recording !== '') leg.recording = recording;
  const read = readTicket(ticket);
  return { seen: read === undefined ? seen : { ...seen, ticket: read }, leg };
}

/**
 * The recording that runs on this leg, or ran last; empty when there was none, undefined when nobody answered. The
 * file's name is the recording's id; Asterisk leaves the variable when the recording ends, which does no harm.
 */
export async function recordingFileOf(ari: Pick<AriConnection, 'request'>, leg: LegId): Promise<RecordingId | '' | undefined> {
  const file = await variable(ari, leg, 'MIXMONITOR_FILENAME');
  if (file === undefined) return undefined;
  return /\/rx-r-[^/]+\.raw$/.test(file) ? recordingId(basename(file, '.raw')) : '';
}

/** Empty when it was never set or the channel has just gone; undefined when nobody answered. */
async function variable(ari: Pick<AriConnection, 'request'>, leg: LegId, name: string): Promise<string | undefined> {
  const answer = await ari.request({ method: 'GET', path: ['channels', leg, 'variable'], query: { variable: name }, legs: [leg] });
  if (!answer.answered) return undefined;
  return bodyOf(answer, z.object({ value: z.string() }))?.value ?? '';
}

const time = z.string().transform((text) => Date.parse(text.replace(/([+-]\d{2})(\d{2})$/, '$1:$2')) || 0);
const statusShape = z.object({ status: z.object({ startup_time: time }) });
const channelShape = z.object({
  id: z.string().transform(legId), name: z.string(), state: z.string(), creationtime: time,
  caller: z.object({ number: z.string() }), dialplan: z.object({ app_name: z.string(), app_data: z.string() }),
});
const bridgeShape = z.object({ id: z.string().transform(bridgeId), channels: z.array(z.string().transform(legId)) });

function bodyOf<Shape extends z.ZodType>(answer: AriAnswer, shape: Shape): z.infer<Shape> | undefined {
  if (!answer.answered || answer.status !== 200) return undefined;
  const read = shape.safeParse(answer.body);
  return read.success ? read.data : undefined;
}
