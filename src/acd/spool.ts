/**
 * The way of batches into the journal. Nobody waits for a Redis that is away or slow: what it has not taken is kept, in
 * order and within a limit, and written when it is back. As long as our lease binds nobody else can have written.
 *
 *   writing ──▶ late (kept, its answer awaited) ──▶ away (kept, tried again) ──▶ writing
 *      └─────▶ forgotten ──▶ rebase: everything again under a new epoch
 *      └─────▶ fenced: another owner exists, for good
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { isAfter, journalId } from '../base/journal-id.ts';
import type { Batch, Changes, Committed, Journal } from './journal-port.ts';
import type { Event, JournalEvent } from './messages.ts';

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
/** Events that a Redis which forgets is told again; more than Postgres is ever behind but in an outage of its own. */
const recentMax = 20_000;
const retryMs = 250;
/** What a caller may hear of nothing because Redis does not answer. A commit takes 1 ms, and 12 ms under full load. */
const patienceMs = 100;

export class Spool {
  readonly #options: SpoolOptions;
  readonly #kept: Batch[] = [];
  /** In the journal, and not known to be anywhere else. */
  readonly #recent: JournalEvent[] = [];
  #journal: Journal;
  #epoch: number;
  #nextSeq = 1;
  #waiting = 0;
  #inFlight: Batch | undefined;
  /** The answer to the first of the kept, which was not waited for. */
  #late: Promise<Committed> | undefined;
  #flushing: Promise<void> | undefined;
  /** The epoch is being taken anew: that the one before is refused now is our own doing. */
  #anew = false;
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
    return journalId({ epoch: this.#epoch, seq });
  }

  /** True when the batch is safe, or kept until it is; false when we are no longer the owner. */
  async write(events: readonly Event[], changes: Changes): Promise<boolean> {
    const batch = { firstSeq: this.#nextSeq, events, changes };
    this.#nextSeq += events.length;
    if (this.#kept.length > 0) return this.#keep(batch);
    this.#inFlight = batch;
    const answer = this.#journal.commit(batch);
    const committed = await inTime(answer);
    // A rebase has taken it over meanwhile.
    if (this.#inFlight !== batch) return true;
    this.#inFlight = undefined;
    if (committed === undefined) {
      this.#late = answer;
      return this.#keep(batch);
    }
    if (committed.result === 'committed') return this.#written(batch);
    if (committed.result === 'unavailable') return this.#keep(batch);
    if (this.#anew) return this.#hold(batch);
    if (committed.because !== 'redis-forgot') return this.#fenced();
    this.#options.onForgot();
    return this.#hold(batch);
  }

  /** Before another epoch is taken for a Redis that forgot ours; until `rebase` what it refuses is kept. */
  awaitRebase(): void {
    this.#anew = true;
  }

  /** These events and all before them are where no Redis can lose them. */
  stored(upTo: string): void {
    const first = this.#recent.findIndex(({ id }) => isAfter(id, upTo));
    this.#recent.splice(0, first < 0 ? this.#recent.length : first);
  }

  /**
   * Writes everything again under a new epoch. What Redis may have lost goes first under the ids it had: it may have
   * been read before, and its id is how a reader knows it again.
   */
  async rebase(journal: Journal, epoch: number, everything: () => Changes): Promise<void> {
    await this.#flushing;
    const unwritten = [...this.#kept.splice(0), ...(this.#inFlight ? [this.#inFlight] : [])];
    const earlier = [...this.#recent, ...unwritten.flatMap((batch) => this.#stamped(batch))];
    this.#inFlight = undefined;
    this.#anew = false;
    this.#journal = journal;
    this.#epoch = epoch;
    this.#nextSeq = 1;
    this.#waiting = 0;
    this.#keep({ firstSeq: 1, events: [], earlier, changes: everything(), replace: true });
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
    this.#waiting += weight(batch);
    if (this.#waiting <= keptMax) return true;
    this.#options.onFatal(new Error(`Redis has been away too long: ${this.#waiting} events are waiting for it`));
    return false;
  }

  async #flush(): Promise<void> {
    let away = false;
    for (let batch = this.#kept[0]; batch !== undefined; batch = this.#kept[0]) {
      const late = this.#late;
      this.#late = undefined;
      const committed = await (late ?? this.#journal.commit(batch));
      if (committed.result === 'fenced') {
        if (this.#anew) return;
        if (committed.because === 'redis-forgot') this.#options.onForgot();
        else this.#fenced();
        return;
      }
      if (committed.result === 'committed') {
        this.#kept.shift();
        this.#waiting -= weight(batch);
        this.#written(batch);
        continue;
      }
      if (!away) this.#options.onAway?.(true);
      away = true;
      if (this.#stopped) return;
      await sleep(retryMs);
    }
    if (away) this.#options.onAway?.(false);
  }

  #written(batch: Batch): true {
    const newest = this.#recent.at(-1)?.id ?? '0-0';
    this.#recent.push(...this.#stamped(batch).filter(({ id }) => isAfter(id, newest)));
    if (this.#recent.length > recentMax) this.#recent.splice(0, this.#recent.length - recentMax);
    return true;
  }

  #stamped({ firstSeq, events, earlier = [] }: Batch): readonly JournalEvent[] {
    return [...earlier, ...events.map((event, index) => ({ id: this.idOf(firstSeq + index), event }))];
  }
}

/** One that writes everything again counts even where it has no events. */
const weight = ({ events, replace }: Batch): number => events.length + (replace ? 1 : 0);

async function inTime(answer: Promise<Committed>): Promise<Committed | undefined> {
  const late = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => late.resolve(undefined), patienceMs);
  try {
    return await Promise.race([answer, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
