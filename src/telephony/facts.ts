/** ARI's events → facts. The only file that knows the names of ARI's events and how they are spelt. */
import { z } from 'zod';
import { legId, playId } from '../base/ids.ts';
import type { LegId } from '../base/ids.ts';
import { asteriskTime as time } from './asterisk-time.ts';
import { contactOfCaller, isDialled, roleOf } from './ids.ts';
import { endAfterAnswer, endBeforeAnswer } from './leg-end.ts';
import type { Ending } from './leg-end.ts';
import { newLeg } from './legs.ts';
import type { Leg, Legs } from './legs.ts';
import { isLate, PastLegs } from './past-legs.ts';
import type { Fact, Key } from './port.ts';

export type ReadEvent =
  | { readonly read: 'fact'; readonly fact: Fact; readonly leg?: Leg }
  /** Known and of no interest, or said before. */
  | { readonly read: 'nothing' }
  | { readonly read: 'unreadable'; readonly type: string; readonly detail: string };

/** Translates one event and keeps the memory of legs by it. Told twice, late or in another order it does no harm. */
export function readEvent(json: unknown, legs: Legs, past: PastLegs = new PastLegs()): ReadEvent {
  const event = eventShape.safeParse(json);
  if (!event.success) {
    const type = z.object({ type: z.string() }).safeParse(json);
    if (type.success && !known.has(type.data.type)) return nothing;
    return { read: 'unreadable', type: type.success ? type.data.type : '', detail: z.prettifyError(event.error).slice(0, 300) };
  }
  const fact = factOf(event.data, legs, past);
  return fact === undefined ? nothing : { read: 'fact', ...fact };
}

/**
 * An event from before we looked around, which Asterisk kept for us. Of the legs that were seen the look knew better,
 * but for the keys; the calls that came and went meanwhile are in nothing else.
 */
export function isWorthReading(json: unknown, seen: ReadonlySet<LegId>): boolean {
  const event = eventShape.safeParse(json);
  if (!event.success || !('channel' in event.data)) return false;
  const { type, channel: { id } } = event.data;
  return type === 'ChannelDtmfReceived' ? seen.has(id) : roleOf(id) === 'caller' && !seen.has(id);
}

const nothing: ReadEvent = { read: 'nothing' };

const channel = z.object({ id: z.string().transform(legId), name: z.string(), state: z.string(), caller: z.object({ number: z.string() }) });
const ofChannel = <Type extends string>(type: Type) => z.object({ type: z.literal(type), timestamp: time, channel });
const keys: readonly string[] = [...'0123456789*#ABCD'];

const eventShape = z.discriminatedUnion('type', [
  ofChannel('StasisStart').extend({ args: z.array(z.string()) }),
  ofChannel('StasisEnd'),
  ofChannel('ChannelStateChange'),
  ofChannel('ChannelDestroyed').extend({ cause: z.number().optional(), tech_cause: z.number().optional() }),
  ofChannel('ChannelHangupRequest').extend({ cause: z.number().optional(), soft: z.boolean().optional() }),
  ofChannel('ChannelDtmfReceived').extend({
    digit: z.custom<Key>((digit) => typeof digit === 'string' && keys.includes(digit)),
    duration_ms: z.number(),
  }),
  z.object({ type: z.literal('Dial'), timestamp: time, dialstatus: z.string(), peer: channel }),
  z.object({
    type: z.literal('PlaybackFinished'), timestamp: time,
    playback: z.object({ id: z.string().transform(playId), target_uri: z.string(), state: z.string() }),
  }),
]);
type AriEvent = z.infer<typeof eventShape>;
const known: ReadonlySet<string> = new Set(eventShape.options.flatMap((option) => [...option.shape.type.values]));

/** What the application's filter keeps away: a call makes some forty events, and we read about ten. */
export const unusedEvents: readonly string[] = [
  'ChannelVarset', 'ChannelDialplan', 'ChannelCallerId', 'ChannelConnectedLine', 'ChannelCreated', 'ChannelEnteredBridge', 'ChannelLeftBridge',
  'ChannelHold', 'ChannelUnhold', 'ChannelTalkingStarted', 'ChannelTalkingFinished', 'ChannelToneDetected', 'ChannelUserevent', 'ChannelTransfer',
  'BridgeCreated', 'BridgeDestroyed', 'BridgeMerged', 'BridgeBlindTransfer', 'BridgeAttendedTransfer', 'BridgeVideoSourceChanged',
  'PlaybackStarted', 'PlaybackContinuing', 'RecordingStarted', 'RecordingFinished', 'RecordingFailed',
  'DeviceStateChanged', 'EndpointStateChange', 'PeerStatusChange', 'ContactStatusChange', 'TextMessageReceived',
];

function factOf(event: AriEvent, legs: Legs, past: PastLegs): { fact: Fact; leg?: Leg } | undefined {
  const at = event.timestamp;
  switch (event.type) {
    case 'StasisStart':
      return past.covers(event.channel.id, at) ? undefined : started(event, legs);
    case 'StasisEnd': {
      const leg = legs.get(event.channel.id);
      // The caller has come in again since.
      if (leg?.cameAt !== undefined && leg.cameAt !== at && isLate(at, leg.cameAt)) return undefined;
      past.ended(event.channel.id, at, false);
      // A leg that we dialled has nowhere to go from here: why it ended comes with its destruction, a moment later.
      return leg?.cause === undefined && leg?.role !== 'caller' ? undefined : ended(event.channel.id, at, {}, legs);
    }
    case 'ChannelDestroyed':
      past.ended(event.channel.id, at, true);
      return ended(event.channel.id, at, { cause: event.cause, status: event.tech_cause }, legs);
    case 'ChannelHangupRequest': {
      const leg = legs.get(event.channel.id);
      // A soft one comes from inside Asterisk (our own order, a phone without a sound), and its number is no cause.
      if (leg === undefined || event.soft === true || event.cause === undefined) return undefined;
      leg.cause = event.cause;
      // Of a phone that never answered, its destruction says more.
      if (!leg.up && leg.role !== 'caller') return undefined;
      // The other side hung up, and nothing brings the channel back. That it leaves Stasis is told 0.6 to 3 ms later,
      // which is a third of what an agent's next call may take.
      past.ended(event.channel.id, at, false);
      return ended(event.channel.id, at, {}, legs);
    }
    case 'ChannelStateChange': {
      const leg = legs.get(event.channel.id);
      if (leg?.role === 'caller' && event.channel.state === 'Up') leg.up = true;
      return event.channel.state === 'Ringing' ? rang(event.channel, at, legs, past) : undefined;
    }
    case 'Dial':
      return event.dialstatus === 'RINGING' ? rang(event.peer, at, legs, past) : undefined;
    case 'ChannelDtmfReceived':
      return toldTwice(event, legs) ? undefined : { fact: { type: 'key-pressed', at, leg: event.channel.id, key: event.digit, heldMs: event.duration_ms } };
    case 'PlaybackFinished':
      return played(event, legs);
  }
}

/** The dialplan says `inbound,<dialled>,<address>`; our own legs carry their role in their id. */
function started({ channel: { id, name, state, caller }, args, timestamp: at }: Extract<AriEvent, { type: 'StasisStart' }>, legs: Legs): { fact: Fact } | undefined {
  const role = roleOf(id);
  const leg = legs.get(id);
  if (role === 'caller' && args[0] === 'inbound') {
    if (leg !== undefined) return undefined;
    legs.set(id, newLeg(role, { up: state === 'Up', name, cameAt: at }));
    return { fact: { type: 'call-arrived', at, contact: contactOfCaller(id), leg: id, ani: numberOf(caller.number), dnis: numberOf(args[1] ?? ''), ...trunkOf(name, args[2]) } };
  }
  if (!isDialled(role) || leg?.up === true) return undefined;
  legs.set(id, { ...(leg ?? newLeg(role)), up: true, name });
  return { fact: { type: 'leg-up', at, leg: id } };
}

function rang({ id, name }: z.infer<typeof channel>, at: number, legs: Legs, past: PastLegs): { fact: Fact } | undefined {
  const role = roleOf(id);
  if (!isDialled(role) || past.covers(id, at)) return undefined;
  // One that we do not know was ordered over a connection that was lost before it got there. It must not ring on.
  const leg = legs.get(id) ?? newLeg(role);
  if (leg.rang) return undefined;
  legs.set(id, leg);
  leg.rang = true;
  leg.name = name;
  return { fact: { type: 'leg-ringing', at, leg: id } };
}

/** A leg that was up leaves Stasis; one that never was is destroyed. Whichever first says why is its one end. */
function ended(id: LegId, at: number, ending: Ending, legs: Legs): { fact: Fact; leg: Leg } | undefined {
  const leg = legs.get(id);
  if (leg === undefined) return undefined;
  legs.delete(id);
  const whole = { ...ending, cause: ending.cause ?? leg.cause };
  const talked = leg.up || leg.role === 'caller';
  return { fact: { type: 'leg-down', at, leg: id, end: talked ? endAfterAnswer(whole) : endBeforeAnswer(whole) }, leg };
}

/** Asterisk calls a stopped play `done` too; that we stopped it, only we know. */
function played({ playback, timestamp: at }: Extract<AriEvent, { type: 'PlaybackFinished' }>, legs: Legs): { fact: Fact } | undefined {
  const target = /^channel:(.+)$/.exec(playback.target_uri)?.[1];
  if (target === undefined) return undefined;
  const leg = legId(target);
  const play = legs.get(leg)?.plays.get(playback.id);
  legs.get(leg)?.plays.delete(playback.id);
  const outcome = play?.stopped === true || playback.state === 'canceled' ? 'stopped' : playback.state === 'failed' ? 'failed' : 'finished';
  return { fact: { type: 'play-ended', at, leg, play: playback.id, outcome } };
}

function toldTwice({ channel: { id }, digit, timestamp }: Extract<AriEvent, { type: 'ChannelDtmfReceived' }>, legs: Legs): boolean {
  const leg = legs.get(id);
  const pressed = `${timestamp} ${digit}`;
  if (leg?.lastKey === pressed) return true;
  if (leg !== undefined) leg.lastKey = pressed;
  return false;
}

/** The endpoint, from the channel's name `PJSIP/<endpoint>-<count>`, and the address without the port that it came from. */
export function trunkOf(channel: string, from = ''): { readonly trunk?: string } {
  const endpoint = /^[A-Za-z0-9]+\/(.+)-[0-9a-f]+$/.exec(channel)?.[1];
  const address = from.replace(/:\d+$/, '');
  return endpoint === undefined ? {} : { trunk: numberOf(address === '' ? endpoint : `${endpoint}@${address}`) };
}

const numberLengthMax = 64;

/** Whatever a stranger put into the From header, without what could end a line or a log entry. */
export function numberOf(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '').slice(0, numberLengthMax);
}
