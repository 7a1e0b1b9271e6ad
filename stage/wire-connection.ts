/** One connection of a hurt wire: two sockets and a way in each direction. */
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { OneWay } from './one-way.ts';

/** The client is who connected to the proxy. */
export type Way = 'to-server' | 'to-client' | 'both';

export interface Cut {
  /** Bytes of the client, also across two packets; the first connection that says them is cut. */
  readonly pattern: string | Buffer;
  /**
   * `unsent`: the server never hears it. `sent`: the server got it, and both are reset at once, so whether it was done
   * is open. `answered`: the server did it and said so, and its answer is lost.
   */
  readonly when: 'unsent' | 'sent' | 'answered';
}

/** The first message of which `is` is true, each ended by an empty line, is the last that reaches the server on its connection. */
export interface Last {
  readonly is: (message: string) => boolean;
  readonly left: () => void;
}

export interface Wire {
  readonly cuts: Set<{ readonly cut: Cut; readonly done: () => void }>;
  readonly lasts: Set<Last>;
  readonly said: (chunk: Buffer) => void;
  readonly closed: () => void;
}

/** More than a wire holds back is beyond what TCP would. */
const heldBytesMax = 64 * 1024 * 1024;

export class WireConnection {
  readonly #wire: Wire;
  readonly #sockets: readonly [client: Socket, server: Socket];
  readonly #ways = { 'to-server': new OneWay(heldBytesMax), 'to-client': new OneWay(heldBytesMax) };
  /** For the search across packets. */
  #tail = Buffer.alloc(0);
  /** The beginning of a message whose end has not come yet. */
  #begun = '';
  #afterNextWrite: (() => void) | undefined;
  #waitsForAnswer: (() => void) | undefined;
  #stranded = false;
  #over = false;

  constructor(client: Socket, to: { readonly host: string; readonly port: number }, wire: Wire) {
    this.#wire = wire;
    const server = connect({ ...to, allowHalfOpen: true, noDelay: true });
    this.#sockets = [client, server];
    this.#join(client, server, this.#ways['to-server'], (chunk) => this.#said(chunk));
    this.#join(server, client, this.#ways['to-client'], () => this.#answered());
  }

  freeze(way: Way): void {
    for (const one of this.#chosen(way)) one.mode = 'frozen';
  }

  blackhole(way: Way): void {
    for (const one of this.#chosen(way)) one.mode = 'black';
  }

  delay(ms: number, way: Way): void {
    for (const one of this.#chosen(way)) one.delayMs = ms;
  }

  /** Dead for ever: healing does not reach it. */
  strand(): void {
    this.blackhole('both');
    this.#stranded = true;
  }

  heal(): void {
    if (this.#stranded) return;
    if (this.#chosen('both').some(({ lost }) => lost)) return this.reset();
    for (const one of this.#chosen('both')) one.open();
  }

  reset(): void {
    if (this.#over) return;
    this.#over = true;
    for (const one of this.#chosen('both')) one.stop();
    for (const socket of this.#sockets) socket.resetAndDestroy();
    this.#wire.closed();
  }

  #chosen(way: Way): readonly OneWay[] {
    return way === 'both' ? Object.values(this.#ways) : [this.#ways[way]];
  }

  /** An end and an error go the same way as bytes: through a dead wire they are not heard. */
  #join(from: Socket, to: Socket, way: OneWay, pass: (chunk: Buffer) => boolean): void {
    from.on('data', (chunk: Buffer) => {
      if (from === this.#sockets[0]) this.#wire.said(chunk);
      const end = from === this.#sockets[0] ? this.#endOfLast(chunk) : undefined;
      if (end !== undefined) {
        way.put(() => this.#write(from, to, chunk.subarray(0, end)), { size: end });
        return this.strand();
      }
      if (way.mode === 'black' || pass(chunk)) way.put(() => this.#write(from, to, chunk), { size: chunk.length });
    });
    from.on('end', () => way.put(() => to.end(), { size: 0 }));
    from.on('error', () => way.put(() => this.reset(), { size: 0 }));
    from.on('close', () => void (to.destroyed && this.reset()));
  }

  #write(from: Socket, to: Socket, chunk: Buffer): void {
    if (to.destroyed) return;
    const after = to === this.#sockets[1] ? this.#afterNextWrite : undefined;
    if (after !== undefined) this.#afterNextWrite = undefined;
    // A slow reader slows its writer down, as it would without us.
    if (!to.write(chunk, () => after?.()) && !from.isPaused()) {
      from.pause();
      to.once('drain', () => from.resume());
    }
  }

  /** Whether the client's bytes may go on. */
  #said(chunk: Buffer): boolean {
    const seen = Buffer.concat([this.#tail, chunk]);
    let longest = 0;
    for (const entry of this.#wire.cuts) {
      const pattern = Buffer.from(entry.cut.pattern);
      longest = Math.max(longest, pattern.length);
      if (!seen.includes(pattern)) continue;
      this.#wire.cuts.delete(entry);
      const cut = (): void => {
        this.reset();
        entry.done();
      };
      if (entry.cut.when === 'answered') this.#waitsForAnswer = cut;
      // The bytes leave with the write that follows this call, and the reset must not overtake them.
      else if (entry.cut.when === 'sent') this.#afterNextWrite = cut;
      else {
        cut();
        return false;
      }
    }
    this.#tail = Buffer.from(seen.subarray(Math.max(0, seen.length - longest + 1)));
    return true;
  }

  /** Where in the chunk the last message ends. */
  #endOfLast(chunk: Buffer): number | undefined {
    if (this.#wire.lasts.size === 0) {
      this.#begun = '';
      return undefined;
    }
    const before = this.#begun.length;
    // One character a byte, so that places in the text are places in the chunk.
    const messages = (this.#begun + chunk.toString('latin1')).split('\r\n\r\n');
    let end = -before;
    for (const message of messages.slice(0, -1)) {
      end += message.length + 4;
      const last = [...this.#wire.lasts].find(({ is }) => is(message));
      if (last === undefined) continue;
      this.#wire.lasts.delete(last);
      this.#afterNextWrite = last.left;
      return end;
    }
    this.#begun = messages.at(-1) ?? '';
    return undefined;
  }

  #answered(): boolean {
    this.#waitsForAnswer?.();
    return this.#waitsForAnswer === undefined;
  }
}
