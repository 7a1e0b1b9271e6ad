/**
 * Orders → requests, all of one order sent at once and in this order. Each is safe to give twice, because every id
 * is ours: what exists already counts as done.
 *
 * A channel that plays takes no synchronous command until the sound has ended, and with REST over one websocket
 * everybody waits with it (measured: a variable set during a prompt of 3 s held up all requests for 2.9 s). So
 * variables travel over AMI, which sets them beside the channel's own thread; a leg is not answered twice; and
 * what plays on a leg is stopped before it is put into a bridge.
 */
import type { AriRequest } from './ari/connection.ts';
import { newLeg } from './legs.ts';
import type { Legs } from './legs.ts';
import { isDialled, roleOf } from './ids.ts';
import type { LegId } from '../base/ids.ts';
import { ringing } from './port.ts';
import type { Media, Order } from './port.ts';
import { ticketVariable, writeTicket } from './ticket.ts';
import { agentOf, channelOf, dialledOf, folderOf, idOf, lineOf, musicOf, reasonOf, shownNumberOf, soundOf, trunkOf, UnsafeValue } from './values.ts';

export type Call =
  /** `fine`: statuses besides 2xx that mean what was wanted is so. */
  | { readonly via: 'ari'; readonly request: AriRequest; readonly fine?: readonly number[] }
  /** `orElse` goes over ARI when AMI gave no answer: later than none is what a half-open connection would make of it. */
  | { readonly via: 'ami'; readonly action: Readonly<Record<string, string>>; readonly orElse?: AriRequest };

export interface OrderContext {
  readonly app: string;
  readonly legs: Legs;
  /** Names of sounds, below `soundsDir` where that is given, else below Asterisk's own sounds. */
  readonly resolve: (media: Media) => readonly string[];
  readonly soundsDir?: string;
  readonly recordingsDir: string;
  readonly amiUp: () => boolean;
}

/** Throws UnsafeValue before anything is sent. */
export function callsFor(order: Order, context: OrderContext): readonly Call[] {
  // The row belongs to the order's own type; TypeScript does not follow that through the look-up.
  const row = table[order.type] as (order: Order, context: OrderContext) => readonly Call[];
  return row(order, context);
}

type OrderOf<Type extends Order['type']> = Extract<Order, { type: Type }>;

const table: { readonly [Type in Order['type']]: (order: OrderOf<Type>, context: OrderContext) => readonly Call[] } = {
  claim: ({ leg }, context) => [setVariable(leg, 'TIMEOUT(absolute)', '0', context)],
  'write-ticket': ({ leg, ticket }, context) => [setVariable(leg, ticketVariable, lineOf(writeTicket(ticket)), context)],
  answer: ({ leg }, { legs }) => {
    const call = post(leg, ['channels', idOf(leg), 'answer']);
    const known = legs.get(leg);
    if (known?.up === true) return [];
    // Not when Asterisk says so: a second answer could come before that, and wait for the prompt to end.
    if (known !== undefined) known.up = true;
    return [call];
  },
  play: (order, context) => play(order, context),
  'stop-play': ({ leg, play }, { legs }) => {
    const id = idOf(play);
    const playing = legs.get(leg)?.plays.get(play);
    if (playing !== undefined) playing.stopped = true;
    return [remove(leg, ['playbacks', id])];
  },
  'start-music': ({ leg, music }, { legs }) => {
    const known = legs.get(leg);
    const calls = [...(known?.music !== undefined && (known.music === ringing) !== (music === ringing) ? [stopMusic(leg, known.music)] : []), startMusic(leg, music)];
    if (known !== undefined) known.music = music;
    return calls;
  },
  'stop-music': ({ leg }, { legs }) => {
    const known = legs.get(leg);
    const music = known?.music;
    delete known?.music;
    // Which of the two it was may have been forgotten with a process. To end what is not there does nothing.
    return music === undefined ? [stopMusic(leg, 'default'), stopMusic(leg, ringing)] : [stopMusic(leg, music)];
  },
  ring: (order, context) => ring(order, context),
  'answer-phone': ({ leg, agent }, { legs }) => {
    const name = legs.get(leg)?.name;
    // Inside the call's dialog where the channel is known; phones ignore a NOTIFY that belongs to none.
    const where = name === undefined ? { Endpoint: agentOf(agent) } : { Channel: channelOf(name) };
    return [ami({ Action: 'PJSIPNotify', ...where, Variable: 'Event=talk' })];
  },
  connect: ({ bridge, legs: members }, { legs }) => {
    const [one, other] = members;
    const ids = members.map(idOf).join(',');
    const stops = members.flatMap((leg) =>
      [...(legs.get(leg)?.plays ?? [])].map(([play, playing]) => {
        playing.stopped = true;
        return remove(leg, ['playbacks', idOf(play)]);
      }));
    return [
      ...stops,
      { via: 'ari', request: { method: 'POST', path: ['bridges', idOf(bridge)], query: { type: 'mixing' }, legs: [one, other] }, fine: [409] },
      { via: 'ari', request: { method: 'POST', path: ['bridges', idOf(bridge), 'addChannel'], query: { channel: ids }, legs: [one, other] } },
    ];
  },
  dissolve: ({ bridge }) => [{ via: 'ari', request: { method: 'DELETE', path: ['bridges', idOf(bridge)] }, fine: [404] }],
  'hang-up': ({ leg, because }) => [{ via: 'ari', request: { method: 'DELETE', path: ['channels', idOf(leg)], query: { reason: reasonOf(because) }, legs: [leg] }, fine: [404] }],
  'start-recording': ({ leg, recording }, { legs, recordingsDir }) => {
    const file = `${folderOf(recordingsDir)}/${idOf(recording)}.raw`;
    const known = legs.get(leg);
    // A second MixMonitor of the same name would empty the file of the first.
    if (known?.recording === recording) return [];
    if (known !== undefined) known.recording = recording;
    return [ami({ Action: 'MixMonitor', Channel: idOf(leg), File: file, Options: 'D' })];
  },
  'pause-recording': ({ leg }) => [muteRecording(leg, '1')],
  'resume-recording': ({ leg }) => [muteRecording(leg, '0')],
  'stop-recording': ({ leg }) => [ami({ Action: 'StopMixMonitor', Channel: idOf(leg) })],
};

const soundsMax = 64;

function play({ leg, play, media }: OrderOf<'play'>, { legs, resolve, soundsDir }: OrderContext): readonly Call[] {
  const id = idOf(play);
  const base = soundsDir === undefined ? '' : `${folderOf(soundsDir)}/`;
  const sounds = media.flatMap(resolve).map((name) => `sound:${base}${soundOf(name)}`);
  if (sounds.length === 0 || sounds.length > soundsMax) throw new UnsafeValue(`a play of ${sounds.length} sounds`, '');
  const known = legs.get(leg);
  // Asterisk would play it a second time under the same id.
  if (known?.plays.has(play) === true) return [];
  known?.plays.set(play, { stopped: false });
  const call = post(leg, ['channels', idOf(leg), 'play'], { media: sounds.join(','), playbackId: id });
  if (known?.music === undefined) return [call];
  // A play ends the music for good. Its second start waits in the channel's own queue until the play is over, so
  // the music comes back without us, even if we are gone by then.
  return [stopMusic(leg, known.music), call, startMusic(leg, known.music)];
}

/**
 * As pjsip.conf has it for callers. Left unsaid, Asterisk opens the leg in µ-law beside an A-law caller and then sends
 * the phone both codecs in turn, which is allowed and which few phones were ever tested with.
 */
const formats = 'alaw,ulaw';

/** Phones have never agreed on one header for it: the first is Snom's and Grandstream's, the second Yealink's and Poly's. */
const answerByYourself = { variables: { 'PJSIP_HEADER(add,Call-Info)': '<sip:rexian>;answer-after=0', 'PJSIP_HEADER(add,Alert-Info)': '<http://rexian>;info=alert-autoanswer;delay=0' } };

function ring({ leg, to, caller, timeoutMs, autoAnswer }: OrderOf<'ring'>, { app, legs }: OrderContext): readonly Call[] {
  const role = roleOf(leg);
  if (!isDialled(role)) throw new UnsafeValue('leg to ring', leg);
  const endpoint = to.kind === 'agent' ? `PJSIP/${agentOf(to.agent)}` : `PJSIP/${dialledOf(to.number)}${to.trunk === undefined ? '' : `@${trunkOf(to.trunk)}`}`;
  const shown = shownNumberOf(caller);
  const query = {
    endpoint, app, appArgs: role, formats, timeout: String(Math.max(1, Math.ceil(timeoutMs / 1000))),
    ...(shown === '' ? {} : { callerId: shown }),
  };
  const call: Call = { via: 'ari', request: { method: 'POST', path: ['channels', idOf(leg)], query, legs: [leg], ...(autoAnswer && { body: answerByYourself }) }, fine: [409] };
  // Known before it is dialled, so that no event can come that belongs to nobody.
  if (!legs.has(leg)) legs.set(leg, newLeg(role));
  return [call];
}

function setVariable(leg: LegId, variable: string, value: string, { amiUp }: OrderContext): Call {
  const overAri = { method: 'POST', path: ['channels', idOf(leg), 'variable'], query: { variable, value }, legs: [leg] } as const;
  return amiUp()
    ? { via: 'ami', action: { Action: 'Setvar', Channel: idOf(leg), Variable: variable, Value: value }, orElse: overAri }
    : { via: 'ari', request: overAri };
}

const startMusic = (leg: LegId, music: string): Call => (music === ringing ? post(leg, ['channels', idOf(leg), 'ring']) : post(leg, ['channels', idOf(leg), 'moh'], { mohClass: musicOf(music) }));
const stopMusic = (leg: LegId, music: string): Call => remove(leg, ['channels', idOf(leg), music === ringing ? 'ring' : 'moh']);
const muteRecording = (leg: LegId, state: '0' | '1'): Call => ami({ Action: 'MixMonitorMute', Channel: idOf(leg), Direction: 'both', State: state });

const ami = (action: Readonly<Record<string, string>>): Call => ({ via: 'ami', action });
const post = (leg: LegId, path: readonly string[], query: Readonly<Record<string, string>> = {}): Call => ({ via: 'ari', request: { method: 'POST', path, query, legs: [leg] } });
/** Ending what is over already is no failure. */
const remove = (leg: LegId, path: readonly string[]): Call => ({ via: 'ari', request: { method: 'DELETE', path, legs: [leg] }, fine: [404] });
