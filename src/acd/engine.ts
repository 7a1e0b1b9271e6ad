/**
 * The shell around the decider. The order of its loop is a contract: take inputs, step, commit, tell the readers,
 * hand out orders, set the timer. Nothing is ordered before its reason is committed.
 */
import type { Clock } from '../base/clock.ts';
import type { Order } from '../telephony/port.ts';
import { nothingTouched } from './touched.ts';
import { changesOf, everything, placedIn } from './changes.ts';
import type { Placed } from './changes.ts';
import { nextDeadline } from './deadlines.ts';
import type { Changes, Journal } from './journal-port.ts';
import type { Event, Input, JournalEvent, Outcome } from './messages.ts';
import type { Centre } from './model.ts';
import { afterBatch, quicker, usualPace, waitOf } from './pace.ts';
import { Spool } from './spool.ts';
import type { SpoolOptions } from './spool.ts';
import { step } from './step.ts';

/** `onFatal`: the engine has stopped for good: another owner exists, the spool is full, or a bug was met. */
export interface EngineOptions extends SpoolOptions {
  readonly centre: Centre;
  readonly clock: Clock;
  readonly send: (orders: readonly Order[]) => void;
  /** We still own the centre, by our own clock. Asked before each decision; always, where nothing is said. */
  readonly owns?: () => boolean;
}

/** Inputs taken at once into one commit. */
const batchMax = 256;
/** Past this many waiting inputs the process is beyond help: it stops and a standby takes over. */
const mailboxMax = 200_000;
/** The switch's own time of a fact is believed this far back: longer than calls wait for us there. */
const lateMsMax = 600_000;
const timerMsMax = 60_000;
/** A timer this late means a stopped process or a starved machine. */
const stallMs = 200;

interface Letter {
  readonly input: Input;
  /** When it was put into the mailbox, by our own clock. */
  readonly since: number;
  readonly done?: (outcome: Outcome) => void;
}

export class Engine {
  readonly centre: Centre;
  readonly #options: EngineOptions;
  readonly #mailbox: Letter[] = [];
  readonly #listeners = new Set<(events: readonly JournalEvent[]) => void>();
  readonly #placed: Placed;
  readonly #spool: Spool;
  #pace = usualPace;
  #running: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.centre = options.centre;
    this.#placed = placedIn(options.centre);
    this.#spool = new Spool({ ...options, onFatal: (error) => this.#fatal(error) });
    this.#arm();
  }

  /** Puts an input in the mailbox; nobody waits for its outcome. */
  post(input: Input): void {
    this.#put(input);
  }

  /** Puts an input in the mailbox and answers when its events are committed, or with the refusal. */
  submit(input: Input): Promise<Outcome> {
    return new Promise((done) => this.#put(input, done));
  }

  /** Calls the listener with every committed batch, in order; it must not throw or wait. Returns its removal. */
  onCommitted(listener: (events: readonly JournalEvent[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Events not yet in the journal because Redis is away. */
  get spooled(): number {
    return this.#spool.waiting;
  }

  /** These events and all before them are in Postgres: a Redis that forgets need not be told them again. */
  stored(upTo: string): void {
    this.#spool.stored(upTo);
  }

  /** Redis has forgotten our epoch and another is about to be taken: from here to `rebase` no refusal is another owner's. */
  awaitRebase(): void {
    this.#spool.awaitRebase();
  }

  /** Writes everything again from memory under a new epoch; what Redis may have lost goes first. */
  rebase(journal: Journal, epoch: number): Promise<void> {
    return this.#spool.rebase(journal, epoch, () => everything(this.centre, this.#placed));
  }

  /** Takes no more inputs, finishes the batch in hand. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    for (const { done } of this.#mailbox.splice(0)) done?.({ ok: false, refusal: { code: 'not-owner' } });
    await this.#running;
    await this.#spool.stop();
  }

  #put(input: Input, done?: Letter['done']): void {
    if (this.#stopped) return done?.({ ok: false, refusal: { code: 'not-owner' } });
    if (this.#mailbox.length >= mailboxMax) return this.#fatal(new Error(`mailbox full: ${mailboxMax} inputs wait`));
    this.#mailbox.push({ input, since: this.#options.clock.now(), ...(done ? { done } : {}) });
    this.#run();
  }

  #run(): void {
    this.#running ??= this.#loop()
      .catch((error: unknown) => this.#fatal(asError(error)))
      .finally(() => {
        this.#running = undefined;
        if (this.#mailbox.length > 0 && !this.#stopped) this.#run();
        else this.#arm();
      });
  }

  async #loop(): Promise<void> {
    // One turn of the event loop gathers what arrived together into one commit.
    await Promise.resolve();
    while (this.#mailbox.length > 0 && !this.#stopped) {
      if (this.#options.owns?.() === false) return this.#fatal(new Error('the lease has run out'));
      const letters = this.#mailbox.splice(0, batchMax);
      const work = this.#decide(letters);
      if (work.events.length > 0 && !(await this.#spool.write(work.events, work.changes))) return;
      // The caller's card is on its way to the desktop before the phone is rung: told afterwards, a pause of this process
      // between the two let the phone be first in 2 of 1,000 calls.
      if (work.stamped.length > 0) for (const listener of this.#listeners) listener(work.stamped);
      this.#options.send(work.orders);
      for (const answer of work.answers) answer();
      const at = this.#options.clock.now();
      this.#pace = afterBatch(this.#pace, { at, waitedMs: waitOf(letters, at), lateMs: this.centre.routing.centre.admission.lateMs });
    }
  }

  #decide(letters: readonly Letter[]): Work {
    const now = this.#options.clock.now();
    const events: Event[] = [];
    const orders: Order[] = [];
    const touched = nothingTouched();
    const answers: (() => void)[] = [];
    const firstSeq = this.#spool.nextSeq;
    const take = ({ input, done }: Pick<Letter, 'input' | 'done'>): void => {
      const decision = step(this.centre, { ...input, at: Math.max(now - lateMsMax, Math.min(input.at, now)) });
      if (!decision.ok) {
        if (done) answers.push(() => done({ ok: false, refusal: decision.refusal }));
        return;
      }
      const from = events.length;
      // One by one: a comparison with 100,000 callers has more events than a call takes arguments.
      for (const event of decision.events) events.push(event);
      for (const order of decision.orders) orders.push(order);
      for (const id of decision.touched.contacts) touched.contacts.add(id);
      for (const id of decision.touched.agents) touched.agents.add(id);
      for (const id of decision.touched.offers) touched.offers.add(id);
      for (const id of decision.touched.closed) touched.closed.add(id);
      for (const id of decision.touched.places) touched.places.add(id);
      for (const [id, place] of decision.touched.left) touched.left.set(id, place);
      const { refusal } = decision;
      if (done && refusal) answers.push(() => done({ ok: false, refusal }));
      else if (done) answers.push(() => done({ ok: true, events: decision.events.map((event, index) => this.#stamp(firstSeq + from + index, event)) }));
    };
    this.#pace = quicker(this.#pace, now);
    if (this.#pace.part !== this.centre.doors.pace) take({ input: { type: 'load-seen', at: now, pace: this.#pace.part } });
    for (const letter of letters) take(letter);
    // A deadline that is due already (no wrap-up at all, say) is not worth a timer.
    if ((nextDeadline(this.centre) ?? Number.POSITIVE_INFINITY) <= now) take({ input: { type: 'tick', at: now } });
    return { events, changes: changesOf(this.centre, touched, this.#placed), stamped: events.map((event, index) => this.#stamp(firstSeq + index, event)), orders, answers };
  }

  #stamp(seq: number, event: Event): JournalEvent {
    return { id: this.#spool.idOf(seq), event };
  }

  #arm(): void {
    clearTimeout(this.#timer);
    const next = nextDeadline(this.centre);
    if (next === undefined || this.#stopped) return;
    const wait = Math.min(Math.max(next - this.#options.clock.now(), 0), timerMsMax);
    const tick = (): void => this.#put({ type: 'tick', at: this.#options.clock.now() });
    const planned = this.#options.clock.now() + wait;
    this.#timer = setTimeout(() => {
      // The process stood still. What the switch said meanwhile waits in the socket and happened before the deadline.
      if (this.#options.clock.now() - planned > stallMs) this.#timer = setTimeout(tick, stallMs);
      else tick();
    }, wait);
  }

  #fatal(error: Error): void {
    if (this.#stopped) return;
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#options.onFatal(error);
  }
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

interface Work {
  readonly events: readonly Event[];
  readonly changes: Changes;
  readonly stamped: readonly JournalEvent[];
  readonly orders: readonly Order[];
  readonly answers: readonly (() => void)[];
}
