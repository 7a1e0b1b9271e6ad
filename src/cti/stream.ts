/**
 * The numbered changes of one signed-in person. A stream begins with a snapshot at 0 and counts on; the newest
 * changes are kept, so that a desktop whose socket broke gets exactly what it missed, or else a new stream.
 */
import { randomUUID } from 'node:crypto';

export class Stream {
  readonly id = randomUUID();
  readonly #size: number;
  /** Bodies without their number; the string is shared by everyone who was sent the same change. */
  #kept: string[] = [];
  /** Number of the newest change. */
  #seq = 0;

  constructor(size: number) {
    this.#size = size;
  }

  get seq(): number {
    return this.#seq;
  }

  /** Takes a change in and gives it back as it is to be sent. */
  push(body: string): string {
    this.#seq += 1;
    this.#kept.push(body);
    // Cut in halves: moving the whole ring at each change would cost more than the changes themselves.
    if (this.#kept.length > this.#size * 2) this.#kept = this.#kept.slice(-this.#size);
    return numbered(this.#seq, body);
  }

  /** Everything after `seq`, or null when that is no longer (or not yet) known. */
  after(seq: number): readonly string[] | null {
    const first = this.#seq - this.#kept.length + 1;
    if (seq > this.#seq || seq + 1 < first) return null;
    return this.#kept.slice(seq + 1 - first).map((body, index) => numbered(seq + 1 + index, body));
  }
}

/** `body` is a JSON object with at least its type in it. */
export const numbered = (seq: number, body: string): string => `{"seq":${seq},${body.slice(1)}`;
