/**
 * The way of batches into the journal. Nobody waits for a Redis that is away: what it does not take is kept, in order
 * and within a limit, and written when it is back.
 *
 *   writing ──▶ away (kept, tried again) ──▶ writing
 *      └─────▶ forgotten ──▶ rebase: everything again under a new epoch
 *      └─────▶ fenced: another owner exists, for good
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Batch, Changes, Journal } from './journal-port.ts';
import type { Event } from './messages.ts';

export interface SpoolOptions {
  readonly journal: Journal;
  readonly epoch: number;
  readonly onFatal: (error: Error) => void;
  /** Redis does not take commits (true), or took all that had waited (false). Decisions go on meanwhile. */
  readonly onAway?: (away: boolean) => void;
  /** Redis has lost what it acknowledged. Whoever holds the lease takes it anew and calls `rebase`. */
  readonly onForgot: () => void;
}

/** Events kept while Redis is away; about five minutes of a busy centre. */
const keptMax = 100_000;
const retryMs = 250;

export class Spool {
  readonly #options: SpoolOptions;
  readonly #kept: Batch[] = [];
  #journal: Journal;
  #epoch: number;
  #nextSeq = 1;
  #waiting = 0;
  #inFlight: Batch | undefined;
  #flushing: Promise<void> | undefined;
  #stopped = false;

  constructor(options: SpoolOptions) {
    this.#options = options;
    this.#journal = options.journal;
    this.#epoch = options.epoch;
  }

  /** Events not yet in the journal because Redis is away. */
  get waiting(): number {
    return this.#waiting;
  }

  get nextSeq(): number {
    return this.#nextSeq;
  }

  idOf(seq: number): string {
    return `${this.#epoch}-${seq}`;
  }

  /** True when the batch is safe, or kept for when Redis is back; false when we are no longer the owner. */
  async write(events: readonly Event[], changes: Changes): Promise<boolean> {
    const batch = { firstSeq: this.#nextSeq, events, changes };
    this.#nextSeq += events.length;
    if (this.#kept.length > 0) return this.#keep(batch);
    this.#inFlight = batch;
    const committed = await this.#journal.commit(batch);
    // A rebase has taken it over meanwhile.
    if (this.#inFlight !== batch) return true;
    this.#inFlight = undefined;
    if (committed.result === 'committed') return true;
    if (committed.result === 'unavailable') return this.#keep(batch);
    if (committed.because !== 'redis-forgot') return this.#fenced();
    this.#options.onForgot();
    return this.#hold(batch);
  }

  /** Writes everything again under a new epoch; what had not been written goes first. */
  async rebase(journal: Journal, epoch: number, everything: () => Changes): Promise<void> {
    await this.#flushing;
    const events = [...this.#kept.splice(0), ...(this.#inFlight ? [this.#inFlight] : [])].flatMap((batch) => batch.events);
    this.#inFlight = undefined;
    this.#journal = journal;
    this.#epoch = epoch;
    this.#nextSeq = events.length + 1;
    this.#waiting = 0;
    this.#keep({ firstSeq: 1, events, changes: everything(), replace: true });
  }

  /** Gives up on a Redis that is away; what it has not taken is found again in the switch. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#flushing;
  }

  #fenced(): false {
    this.#options.onFatal(new Error('another owner decides for this centre'));
    return false;
  }

  #keep(batch: Batch): boolean {
    const held = this.#hold(batch);
    if (held) {
      this.#flushing ??= this.#flush()
        .catch((error: unknown) => this.#options.onFatal(error instanceof Error ? error : new Error(String(error))))
        .finally(() => (this.#flushing = undefined));
    }
    return held;
  }

  #hold(batch: Batch): boolean {
    this.#kept.push(batch);
    this.#waiting += batch.events.length;
    if (this.#waiting <= keptMax) return true;
    this.#options.onFatal(new Error(`Redis has been away too long: ${this.#waiting} events are waiting for it`));
    return false;
  }

  async #flush(): Promise<void> {
    this.#options.onAway?.(true);
    for (let batch = this.#kept[0]; batch !== undefined; batch = this.#kept[0]) {
      const committed = await this.#journal.commit(batch);
      if (committed.result === 'fenced') {
        if (committed.because === 'redis-forgot') this.#options.onForgot();
        else this.#fenced();
        return;
      }
      if (committed.result === 'committed') {
        this.#kept.shift();
        this.#waiting -= batch.events.length;
      } else {
        if (this.#stopped) return;
        await sleep(retryMs);
      }
    }
    this.#options.onAway?.(false);
  }
}
