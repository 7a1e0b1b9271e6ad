/**
 * A wire that can be hurt between phones and Asterisk: a relay for SIP over UDP and for the voices of its calls. To
 * Asterisk it is what a router with NAT is: each phone has a port of the relay's own there. Phones take the relay for
 * Asterisk, whose Contact and SDP lead them back to it.
 *
 *   const wire = await startSipWire({ to: { host: '127.0.0.1', port: 5060 } });    // then phones call wire.port
 *   wire.lossy({ seed: 7, lost: 0.05, twice: 0.02, lateMs: 200 });                 // each way, of SIP and of RTP
 *   const one = wire.next({ message: '200 INVITE', way: 'to-phones', fate: 'lost' }); await one.done;   // for certain
 *   wire.heal();
 */
import type { Socket } from 'node:dgram';
import { freeSipPort } from '../runtime/ports.ts';
import { DatagramWay, type Kind, type Tally } from './datagram-way.ts';
import type { Fault } from './fate.ts';
import { MediaWire, openUdp, placeOf } from './media-wire.ts';
import { audioIn, withAudio, withContact, type Place } from './sdp.ts';
import { sipMessage, type SipMessage } from './sip-message.ts';

export type SipWay = 'to-asterisk' | 'to-phones';

export interface Mark {
  /** A request by its method, an answer as `200 INVITE`. */
  readonly message: string;
  readonly way: SipWay;
  readonly fate: 'lost' | 'twice';
}

export interface SipWire extends Place {
  lossy(how: Fault & { readonly seed: number }): void;
  heal(): void;
  /** What becomes of the next such message, of whichever call. */
  next(mark: Mark): { readonly done: Promise<void>; cancel(): void };
  tally(way: SipWay): Readonly<Record<Kind, Tally>>;
  stop(): Promise<void>;
}

export async function startSipWire({ to: asterisk }: { readonly to: Place }): Promise<SipWire> {
  const near = await openUdp(await freeSipPort());
  const ours = placeOf(near);
  const ways = { 'to-asterisk': new DatagramWay('to-asterisk'), 'to-phones': new DatagramWay('to-phones') };
  /** By the phone's address: the port that it has at Asterisk. */
  const phones = new Map<string, Promise<Socket>>();
  /** By Call-ID. Each leg of a contact is a call of its own. */
  const voices = new Map<string, Promise<MediaWire>>();
  const marks = new Set<{ readonly mark: Mark; readonly done: () => void }>();
  let stopped = false;

  near.on('message', (data, { address: host, port }) => void fromPhone(data, { host, port }));

  async function fromPhone(data: Buffer, phone: Place): Promise<void> {
    const key = `${phone.host}:${phone.port}`;
    const far = phones.get(key) ?? openFar(phone);
    phones.set(key, far);
    const socket = await far;
    await carry('to-asterisk', data, (text) => text, (bytes) => socket.send(bytes, asterisk.port, asterisk.host));
  }

  async function openFar(phone: Place): Promise<Socket> {
    const far = await openUdp(0);
    // The address that Asterisk registered is the relay's, and the phone looks for its own.
    const back = (text: string): string => withContact(withContact(text, asterisk, ours), placeOf(far), phone);
    far.on('message', (data) => void carry('to-phones', data, back, (bytes) => near.send(bytes, phone.port, phone.host)));
    return far;
  }

  async function carry(way: SipWay, data: Buffer, readdressed: (text: string) => string, send: (bytes: Buffer) => void): Promise<void> {
    const text = data.toString('latin1');
    const message = sipMessage(text, { atUs: 0, from: { port: 0 }, to: { port: 0 } });
    // A keep-alive of two bytes or four.
    if (message === undefined) return ways[way].carry('sip', () => void (stopped || send(data)));
    const bytes = Buffer.from(await withVoice(readdressed(text), message, way), 'latin1');
    ways[way].carry('sip', () => void (stopped || send(bytes)), certain(message, way));
  }

  async function withVoice(text: string, { callId, method, status = 0 }: SipMessage, way: SipWay): Promise<string> {
    // An end, whether of the call or of the try. An INVITE that comes again after it leaves a pair open till the wire stops.
    if ((status >= 200 && method === 'BYE') || (status >= 300 && method === 'INVITE')) {
      void voices.get(callId)?.then((voice) => voice.close());
      voices.delete(callId);
    }
    const place = audioIn(text);
    if (place === undefined) return text;
    const opening = voices.get(callId) ?? MediaWire.open({ toAsterisk: ways['to-asterisk'], toPhones: ways['to-phones'] });
    voices.set(callId, opening);
    const voice = await opening;
    voice[way === 'to-asterisk' ? 'phone' : 'asterisk'] = place;
    return withAudio(text, way === 'to-asterisk' ? voice.far : voice.near);
  }

  function certain({ method, status }: SipMessage, way: SipWay): Partial<Fault> {
    const name = status === undefined ? method : `${status} ${method}`;
    const entry = [...marks].find(({ mark }) => mark.way === way && mark.message === name);
    if (entry === undefined) return {};
    marks.delete(entry);
    entry.done();
    return entry.mark.fate === 'lost' ? { lost: 1 } : { lost: 0, twice: 1 };
  }

  return {
    ...ours,
    lossy: ({ seed, ...fault }) => {
      for (const way of Object.values(ways)) way.lossy(fault, seed);
    },
    heal: () => {
      for (const way of Object.values(ways)) way.heal();
    },
    next: (mark) => {
      const { promise: done, resolve } = Promise.withResolvers<void>();
      const entry = { mark, done: resolve };
      marks.add(entry);
      return { done, cancel: () => void marks.delete(entry) };
    },
    tally: (way) => ways[way].tally,
    stop: async () => {
      if (stopped) return;
      stopped = true;
      for (const way of Object.values(ways)) way.stop();
      near.close();
      for (const far of await Promise.all(phones.values())) far.close();
      for (const voice of await Promise.all(voices.values())) voice.close();
    },
  };
}
