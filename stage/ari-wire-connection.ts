/** One connection of an ARI wire: two websockets, and frames that go from one to the other. */
import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import { z } from 'zod';
import { stream, type Stream } from '../src/simulate/random.ts';
import { OneWay } from './one-way.ts';

/** `to-service` is from Asterisk. */
export type Way = 'to-asterisk' | 'to-service' | 'both';

export interface AriCut {
  /** Of `METHOD uri`. */
  readonly request: RegExp;
  /**
   * `unsent`: Asterisk never hears it. `sent`: Asterisk got it and both are reset at once, so whether it was done is
   * open. `answered`: Asterisk did it and said so, and its answer is lost.
   */
  readonly when: 'unsent' | 'sent' | 'answered';
}

/** What becomes of events. */
export interface Shuffle {
  readonly seed: number;
  /** Each is up to so late. */
  readonly lateMs: number;
  /** The share that comes twice, the second time up to `lateMs` after the first. */
  readonly twice: number;
  /** The share that others may overtake. */
  readonly outOfOrder: number;
}

interface Hooks {
  readonly cuts: Set<{ readonly cut: AriCut; readonly done: () => void }>;
  /** The first request of which it is true is the last that reaches Asterisk on that connection. */
  readonly lasts: Set<{ readonly is: (request: string) => boolean; readonly left: () => void }>;
  readonly asked: (request: string) => void;
  readonly said: (frame: string) => void;
  readonly closed: () => void;
}

interface Ends {
  readonly near: WebSocket;
  readonly far: WebSocket;
  readonly streams: readonly [Socket, Socket];
}

const restShape = z.object({ type: z.enum(['RESTRequest', 'RESTResponse']), request_id: z.string(), method: z.string().optional(), uri: z.string().optional() });
type Rest = z.infer<typeof restShape>;
/** More frames than this held back would be an outage longer than any of ours. */
const heldMax = 200_000;

export class AriWireConnection {
  readonly #ends: Ends;
  readonly #hooks: Hooks;
  readonly #ways = { 'to-asterisk': new OneWay(heldMax), 'to-service': new OneWay(heldMax) };
  #shuffle: (Shuffle & { readonly random: Stream }) | undefined;
  /** The request whose answer is to be lost. */
  #cutAtAnswer: { readonly id: string; readonly cut: () => void } | undefined;
  /** The end that requests go to and events come from. */
  #asterisk: WebSocket | undefined;
  #stranded = false;
  #over = false;

  constructor(ends: Ends, hooks: Hooks) {
    this.#ends = ends;
    this.#hooks = hooks;
    const { near, far } = ends;
    for (const [from, to] of [[near, far], [far, near]] as const) {
      from.on('message', (data) => this.#said(data.toString(), to));
      from.on('ping', (data) => this.#way(to).put(() => void (to.readyState === to.OPEN && to.ping(data))));
      from.on('pong', (data) => this.#way(to).put(() => void (to.readyState === to.OPEN && to.pong(data))));
      from.on('error', () => from.terminate());
      // Through a dead wire nobody hears that the other has gone.
      from.on('close', () => {
        if (near.readyState === near.CLOSED && far.readyState === far.CLOSED) this.reset();
        else this.#way(to).put(() => this.reset());
      });
    }
  }

  freeze(way: Way): void {
    for (const one of this.#chosen(way)) one.mode = 'frozen';
  }

  blackhole(way: Way): void {
    for (const one of this.#chosen(way)) one.mode = 'black';
  }

  strand(): void {
    this.blackhole('both');
    this.#stranded = true;
  }

  shuffle(how: Shuffle): void {
    this.#shuffle = { ...how, random: stream('ari-wire', how.seed) };
  }

  heal(): void {
    if (this.#stranded) return;
    this.#shuffle = undefined;
    // A stream with a hole in it is no stream.
    if (this.#chosen('both').some(({ lost }) => lost)) return this.reset();
    for (const one of this.#chosen('both')) one.open();
  }

  /** RST at both ends. */
  reset(): void {
    if (this.#over) return;
    this.#over = true;
    for (const one of this.#chosen('both')) one.stop();
    for (const socket of this.#ends.streams) socket.resetAndDestroy();
    this.#hooks.closed();
  }

  #chosen(way: Way): readonly OneWay[] {
    return way === 'both' ? Object.values(this.#ways) : [this.#ways[way]];
  }

  #way(to: WebSocket): OneWay {
    return this.#ways[to === this.#asterisk ? 'to-asterisk' : 'to-service'];
  }

  #said(text: string, to: WebSocket): void {
    const rest = restIn(text);
    this.#asterisk ??= rest?.type === 'RESTRequest' ? to : this.#other(to);
    if (to === this.#asterisk) this.#hooks.said(text);
    const way = this.#way(to);
    const send = (): void => void (to.readyState === to.OPEN && to.send(text));
    if (rest?.type === 'RESTRequest') return this.#asked(rest, to, text);
    if (rest !== undefined && rest.request_id === this.#cutAtAnswer?.id) return this.#cutAtAnswer.cut();
    if (rest !== undefined || this.#shuffle === undefined) return way.put(send);
    const { random, lateMs, twice, outOfOrder } = this.#shuffle;
    const late = random() * lateMs;
    if (random() < outOfOrder) way.putAside(send, late);
    else way.put(send, { lateMs: late });
    if (random() < twice) way.putAside(send, late + random() * lateMs);
  }

  #asked({ request_id: id, method = '', uri = '' }: Rest, to: WebSocket, text: string): void {
    const request = `${method} ${uri}`;
    this.#hooks.asked(request);
    const last = [...this.#hooks.lasts].find(({ is }) => is(request));
    if (last !== undefined) {
      this.#hooks.lasts.delete(last);
      this.#way(to).put(() => void (to.readyState === to.OPEN && to.send(text, () => last.left())));
      return this.strand();
    }
    const entry = [...this.#hooks.cuts].find(({ cut }) => cut.request.test(request));
    const cut = (): void => {
      this.reset();
      entry?.done();
    };
    if (entry !== undefined) this.#hooks.cuts.delete(entry);
    if (entry?.cut.when === 'unsent') return cut();
    if (entry?.cut.when === 'answered') this.#cutAtAnswer = { id, cut };
    // The frame has left when the socket says so; a reset must not overtake it.
    const left = entry?.cut.when === 'sent' ? cut : undefined;
    this.#way(to).put(() => void (to.readyState === to.OPEN && to.send(text, () => left?.())));
  }

  #other = (one: WebSocket): WebSocket => (one === this.#ends.near ? this.#ends.far : this.#ends.near);
}

/** Undefined for an event. */
function restIn(text: string): Rest | undefined {
  if (!text.includes('"REST')) return undefined;
  return restShape.safeParse(JSON.parse(text)).data;
}
