/** ARI's events → facts. The only file that knows the names of ARI's events and how they are spelt. */
import { z } from 'zod';
import { legId, playId } from '../base/ids.ts';
import type { LegId } from '../base/ids.ts';
import { contactOfCaller, roleOf } from './ids.ts';
import { endAfterAnswer, endBeforeAnswer } from './leg-end.ts';
import type { Ending } from './leg-end.ts';
import { newLeg } from './legs.ts';
import type { Leg, Legs } from './legs.ts';
import type { Fact, Key } from './port.ts';

export type ReadEvent =
  | { readonly read: 'fact'; readonly fact: Fact; readonly leg?: Leg }
  /** Known and of no interest, or said before. */
  | { readonly read: 'nothing' }
  | { readonly read: 'unreadable'; readonly type: string; readonly detail: string };

/** Translates one event and keeps the memory of legs by it. */
export function readEvent(json: unknown, legs: Legs): ReadEvent {
  const event = eventShape.safeParse(json);
  if (!event.success) {
    const type = z.object({ type: z.string() }).safeParse(json);
    if (type.success && !known.has(type.data.type)) return nothing;
    return { read: 'unreadable', type: type.success ? type.data.type : '', detail: z.prettifyError(event.error).slice(0, 300) };
  }
  const fact = factOf(event.data, legs);
  return fact === undefined ? nothing : { read: 'fact', ...fact };
}

const nothing: ReadEvent = { read: 'nothing' };

/** Asterisk writes +0000, which is not quite ISO 8601. */
const time = z.string().transform((text, context) => {
  const at = Date.parse(text.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
  if (Number.isFinite(at)) return at;
  context.addIssue({ code: 'custom', message: 'not a time' });
  return z.NEVER;
});
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

function factOf(event: AriEvent, legs: Legs): { fact: Fact; leg?: Leg } | undefined {
  const at = event.timestamp;
  switch (event.type) {
    case 'StasisStart':
      return started(event, legs);
    case 'StasisEnd': {
      const leg = legs.get(event.channel.id);
      // A leg that we dialled has nowhere to go from here: why it ended comes with its destruction, a moment later.
      return leg?.cause === undefined && leg?.role !== 'caller' ? undefined : ended(event.channel.id, at, {}, legs);
    }
    case 'ChannelDestroyed':
      return ended(event.channel.id, at, { cause: event.cause, status: event.tech_cause }, legs);
    case 'ChannelHangupRequest': {
      const leg = legs.get(event.channel.id);
      // A soft one comes from inside Asterisk (our own order, a phone without a sound), and its number is no cause.
      if (leg !== undefined && event.soft !== true && event.cause !== undefined) leg.cause = event.cause;
      return undefined;
    }
    case 'ChannelStateChange': {
      const leg = legs.get(event.channel.id);
      if (leg?.role === 'caller' && event.channel.state === 'Up') leg.up = true;
      return event.channel.state === 'Ringing' ? rang(event.channel, at, legs) : undefined;
    }
    case 'Dial':
      return event.dialstatus === 'RINGING' ? rang(event.peer, at, legs) : undefined;
    case 'ChannelDtmfReceived':
      return { fact: { type: 'key-pressed', at, leg: event.channel.id, key: event.digit, heldMs: event.duration_ms } };
    case 'PlaybackFinished':
      return played(event, legs);
  }
}

/** The dialplan says `inbound,<dialled>`; our own legs carry their role in their id. */
function started({ channel: { id, name, state, caller }, args, timestamp: at }: Extract<AriEvent, { type: 'StasisStart' }>, legs: Legs): { fact: Fact } | undefined {
  const role = roleOf(id);
  const leg = legs.get(id);
  if (role === 'caller' && args[0] === 'inbound') {
    if (leg !== undefined) return undefined;
    legs.set(id, newLeg(role, { up: state === 'Up', name }));
    return { fact: { type: 'call-arrived', at, contact: contactOfCaller(id), leg: id, ani: numberOf(caller.number), dnis: numberOf(args[1] ?? '') } };
  }
  if ((role !== 'agent' && role !== 'transfer') || leg?.up === true) return undefined;
  legs.set(id, { ...(leg ?? newLeg(role)), up: true, name });
  return { fact: { type: 'leg-up', at, leg: id } };
}

function rang({ id, name }: z.infer<typeof channel>, at: number, legs: Legs): { fact: Fact } | undefined {
  const leg = legs.get(id);
  if (leg === undefined || leg.rang || leg.role === 'caller') return undefined;
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

const numberLengthMax = 64;

/** Whatever a stranger put into the From header, without what could end a line or a log entry. */
export function numberOf(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '').slice(0, numberLengthMax);
}
