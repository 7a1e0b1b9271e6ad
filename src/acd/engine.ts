/**
 * The shell around the decider. The order of its loop is a contract: take inputs, step, commit, hand out orders,
 * tell the readers, set the timer. Nothing is ordered before its reason is committed.
 */
import type { Clock } from '../base/clock.ts';
import type { ContactId, QueueId } from '../base/ids.ts';
import type { Order } from '../telephony/port.ts';
import { nextDeadline } from './deadlines.ts';
import type { Batch, Journal } from './journal-port.ts';
import type { Event, Input, JournalEvent, Outcome } from './messages.ts';
import type { Centre } from './model.ts';
import { inLine, lineScore } from './ranking.ts';
import { step } from './step.ts';
import type { Touched } from './apply.ts';

export interface EngineOptions {
  readonly centre: Centre;
  readonly journal: Journal;
  readonly epoch: number;
  readonly clock: Clock;
  readonly send: (orders: readonly Order[]) => void;
  /** The engine has stopped for good: another owner exists, the spool is full, or a bug was met. */
  readonly onFatal: (error: Error) => void;
  /** Redis does not take commits (true), or took all that had waited (false). Decisions go on meanwhile. */
  readonly onAway?: (away: boolean) => void;
  /** Redis has lost what it acknowledged. Whoever holds the lease takes it anew and calls `rebase`. */
  readonly onForgot: () => void;
}

/** Inputs taken at once into one commit. */
const batchMax = 256;
/** Past this many waiting inputs the process is beyond help: it stops and a standby takes over. */
const mailboxMax = 200_000;
/** Events kept while Redis is away; about five minutes of a busy centre. */
const spoolMax = 100_000;
const retryMs = 250;
/** The switch's own time of a fact is believed this far back: longer than calls wait for us there. */
const lateMsMax = 600_000;
const timerMsMax = 60_000;
/** A timer this late means a stopped process or a starved machine. */
const stallMs = 200;

interface Letter {
  readonly input: Input;
  readonly done?: (outcome: Outcome) => void;
}

export class Engine {
  readonly centre: Centre;
  readonly #options: EngineOptions;
  readonly #mailbox: Letter[] = [];
  readonly #listeners = new Set<(events: readonly JournalEvent[]) => void>();
  readonly #placed = new Map<ContactId, QueueId>();
  readonly #spool: Batch[] = [];
  #spooled = 0;
  #inFlight: Batch | undefined;
  #journal: Journal;
  #epoch: number;
  #seq = 1;
  #running: Promise<void> | undefined;
  #flushing: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.centre = options.centre;
    this.#journal = options.journal;
    this.#epoch = options.epoch;
    for (const contact of this.centre.contacts.values()) {
      const place = inLine(contact);
      if (place !== undefined) this.#placed.set(contact.id, place.state.queue);
    }
    this.#arm();
  }

  /** Puts an input in the mailbox; nobody waits for its outcome. */
  post(input: Input): void {
    this.#put({ input });
  }

  /** Puts an input in the mailbox and answers when its events are committed, or with the refusal. */
  submit(input: Input): Promise<Outcome> {
    return new Promise((done) => this.#put({ input, done }));
  }

  /** Calls the listener with every committed batch, in order; it must not throw or wait. Returns its removal. */
  onCommitted(listener: (events: readonly JournalEvent[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Events not yet in the journal because Redis is away. */
  get spooled(): number {
    return this.#spooled;
  }

  /** Writes everything again from memory under a new epoch; what had not been written goes first. */
  async rebase(journal: Journal, epoch: number): Promise<void> {
    await this.#flushing;
    const events = [...this.#spool.splice(0), ...(this.#inFlight ? [this.#inFlight] : [])].flatMap((batch) => batch.events);
    this.#inFlight = undefined;
    this.#journal = journal;
    this.#epoch = epoch;
    this.#seq = events.length + 1;
    this.#spooled = 0;
    this.#placed.clear();
    const everything = this.#changes({ contacts: new Set(this.centre.contacts.keys()), agents: new Set(this.centre.agents.keys()), offers: new Set(this.centre.offers.keys()) });
    const lines = new Map([...this.centre.lines.keys()].map((queue) => [queue, everything.lines.get(queue) ?? new Map<ContactId, number | null>()]));
    this.#keep({ firstSeq: 1, events, changes: { ...everything, lines }, replace: true });
  }

  /** Takes no more inputs, finishes the batch in hand. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    for (const { done } of this.#mailbox.splice(0)) done?.({ ok: false, refusal: { code: 'not-owner' } });
    await this.#running;
    await this.#flushing;
  }

  #put(letter: Letter): void {
    if (this.#stopped) return letter.done?.({ ok: false, refusal: { code: 'not-owner' } });
    if (this.#mailbox.length >= mailboxMax) return this.#fatal(new Error(`mailbox full: ${mailboxMax} inputs wait`));
    this.#mailbox.push(letter);
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
      const work = this.#decide(this.#mailbox.splice(0, batchMax));
      if (work.batch.events.length > 0 && !(await this.#commit(work.batch))) return;
      this.#options.send(work.orders);
      if (work.events.length > 0) for (const listener of this.#listeners) listener(work.events);
      for (const answer of work.answers) answer();
    }
  }

  #decide(letters: readonly Letter[]): Work {
    const now = this.#options.clock.now();
    const events: Event[] = [];
    const orders: Order[] = [];
    const touched: Touched = { contacts: new Set(), agents: new Set(), offers: new Set() };
    const answers: (() => void)[] = [];
    const firstSeq = this.#seq;
    const take = ({ input, done }: Letter): void => {
      const decision = step(this.centre, { ...input, at: Math.max(now - lateMsMax, Math.min(input.at, now)) });
      if (!decision.ok) {
        if (done) answers.push(() => done({ ok: false, refusal: decision.refusal }));
        return;
      }
      const from = events.length;
      events.push(...decision.events);
      orders.push(...decision.orders);
      for (const id of decision.touched.contacts) touched.contacts.add(id);
      for (const id of decision.touched.agents) touched.agents.add(id);
      for (const id of decision.touched.offers) touched.offers.add(id);
      const { refusal } = decision;
      if (done && refusal) answers.push(() => done({ ok: false, refusal }));
      else if (done) answers.push(() => done({ ok: true, events: decision.events.map((event, index) => this.#stamp(firstSeq + from + index, event)) }));
    };
    for (const letter of letters) take(letter);
    // A deadline that is due already (no wrap-up at all, say) is not worth a timer.
    if ((nextDeadline(this.centre) ?? Number.POSITIVE_INFINITY) <= now) take({ input: { type: 'tick', at: now } });
    this.#seq += events.length;
    return { batch: { firstSeq, events, changes: this.#changes(touched) }, events: events.map((event, index) => this.#stamp(firstSeq + index, event)), orders, answers };
  }

  #stamp(seq: number, event: Event): JournalEvent {
    return { id: `${this.#epoch}-${seq}`, event };
  }

  #changes({ contacts, agents, offers }: Touched): Batch['changes'] {
    const lines = new Map<QueueId, Map<ContactId, number | null>>();
    const line = (queue: QueueId): Map<ContactId, number | null> => {
      const found = lines.get(queue) ?? new Map<ContactId, number | null>();
      lines.set(queue, found);
      return found;
    };
    for (const id of contacts) {
      const was = this.#placed.get(id);
      const place = inLine(this.centre.contacts.get(id));
      if (was !== undefined && was !== place?.state.queue) line(was).set(id, null);
      if (place === undefined) this.#placed.delete(id);
      else {
        line(place.state.queue).set(id, lineScore(place.state));
        this.#placed.set(id, place.state.queue);
      }
    }
    return {
      contacts: new Map([...contacts].map((id) => [id, this.centre.contacts.get(id) ?? null])),
      agents: new Map([...agents].flatMap((id) => this.centre.agents.get(id) ?? []).map((agent) => [agent.id, agent])),
      offers: new Map([...offers].map((id) => [id, this.centre.offers.get(id) ?? null])),
      lines,
    };
  }

  /** True when the batch is safe, or kept for when Redis is back; false when we are no longer the owner. */
  async #commit(batch: Batch): Promise<boolean> {
    if (this.#spool.length > 0) return this.#keep(batch);
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

  #fenced(): false {
    this.#fatal(new Error('another owner decides for this centre'));
    return false;
  }

  /** Redis is away: callers do not wait for it. The batch is written later, in order. */
  #keep(batch: Batch): boolean {
    const kept = this.#hold(batch);
    if (kept) this.#flushing ??= this.#flush().catch((error: unknown) => this.#fatal(asError(error))).finally(() => (this.#flushing = undefined));
    return kept;
  }

  #hold(batch: Batch): boolean {
    this.#spool.push(batch);
    this.#spooled += batch.events.length;
    if (this.#spooled > spoolMax) {
      this.#fatal(new Error(`Redis has been away too long: ${this.#spooled} events are waiting for it`));
      return false;
    }
    return true;
  }

  async #flush(): Promise<void> {
    this.#options.onAway?.(true);
    for (let batch = this.#spool[0]; batch !== undefined; batch = this.#spool[0]) {
      const committed = await this.#journal.commit(batch);
      if (committed.result === 'fenced') {
        if (committed.because === 'redis-forgot') this.#options.onForgot();
        else this.#fenced();
        return;
      }
      if (committed.result === 'committed') {
        this.#spool.shift();
        this.#spooled -= batch.events.length;
      } else {
        if (this.#stopped) return;
        await new Promise((resolve) => setTimeout(resolve, retryMs));
      }
    }
    this.#options.onAway?.(false);
  }

  #arm(): void {
    clearTimeout(this.#timer);
    const next = nextDeadline(this.centre);
    if (next === undefined || this.#stopped) return;
    const wait = Math.min(Math.max(next - this.#options.clock.now(), 0), timerMsMax);
    const tick = (): void => this.#put({ input: { type: 'tick', at: this.#options.clock.now() } });
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
  readonly batch: Batch;
  readonly events: readonly JournalEvent[];
  readonly orders: readonly Order[];
  readonly answers: readonly (() => void)[];
}
