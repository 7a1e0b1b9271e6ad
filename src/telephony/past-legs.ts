/**
 * Legs that have ended, and when by Asterisk's own clock: an event that comes late or twice must not bring one back.
 */
import type { LegId } from '../base/ids.ts';

/** Minutes of a busy centre; an event is never so late. */
const kept = 10_000;
/** Older than this is not late: Asterisk's clock was set back. */
const lateMsMax = 60_000;

/** An event of this time came after one of that time, and should have come before it. */
export const isLate = (at: number, than: number): boolean => at <= than && than - at < lateMsMax;

export class PastLegs {
  readonly #endedAt = new Map<LegId, number>();

  /** A caller may leave Stasis and come in again by the same channel; a channel that is destroyed ends for ever. */
  ended(leg: LegId, at: number, forEver: boolean): void {
    const before = this.#endedAt.get(leg);
    this.#endedAt.delete(leg);
    this.#endedAt.set(leg, forEver || before === Number.POSITIVE_INFINITY ? Number.POSITIVE_INFINITY : at);
    if (this.#endedAt.size <= kept) return;
    for (const oldest of this.#endedAt.keys()) {
      this.#endedAt.delete(oldest);
      return;
    }
  }

  /** The leg had ended when this happened, or just afterwards. */
  covers(leg: LegId, at: number): boolean {
    const endedAt = this.#endedAt.get(leg);
    return endedAt !== undefined && (endedAt === Number.POSITIVE_INFINITY || isLate(at, endedAt));
  }
}
