/**
 * One contact in its flow: the shell around the interpreter, and the only file of the flows that awaits. Inputs are
 * taken one after another; a step is proposed to the decider and holds only when it was committed.
 */
import type { ContactId, LegId } from '../base/ids.ts';
import type { Language } from '../base/text.ts';
import type { CentreConfig } from '../config/centre-config.ts';
import type { Order } from '../telephony/port.ts';
import type { Flow } from './flow.ts';
import { begin, react } from './interpret.ts';
import type { PathStep, State, Step } from './interpret.ts';
import { newLive, newMemory } from './memory.ts';
import { builtIn } from './nodes/built-in.ts';
import type { Call } from './memory.ts';
import type { FlowExit, Input, Memory } from './visit.ts';

/** The same shape as the decider's FlowInput. */
export interface FlowProposal {
  readonly type: 'flow-moved';
  readonly at: number;
  readonly contact: ContactId;
  readonly path: readonly PathStep[];
  readonly data: Readonly<Record<string, string>>;
  readonly language: Language;
  readonly memory: Memory;
  readonly orders: readonly Order[];
  readonly callback?: { readonly number: string };
  readonly exit?: FlowExit;
}

export interface SessionPorts {
  /** Resolves when the step is committed, or with `ok: false` and why when it is refused. */
  readonly propose: (input: FlowProposal) => Promise<{ readonly ok: boolean; readonly refusal?: { readonly code: string } }>;
  readonly log: { warn(data: object, message: string): void; error(data: object, message: string): void };
  /** Nothing is left to take: the time to look at the deadline. */
  readonly idle: (session: Session) => void;
  /** The session has ended by itself. */
  readonly over: (session: Session) => void;
}

/** The contact has left the flow, or we are no longer its owner: nobody stands in silence because of it. */
const leftTheFlow: ReadonlySet<string> = new Set(['unknown-contact', 'not-in-flow', 'not-owner']);

/** The flow asks again, or leads back into the line. */
const noCallback: ReadonlySet<string> = new Set(['no-callback', 'bad-number', 'callbacks-full', 'already']);

/** Inputs of one contact that wait for a commit; more keys are dropped. */
const inboxMax = 64;

type Start = { readonly type: 'start'; readonly at: number };

export class Session {
  readonly contact: ContactId;
  readonly leg: LegId;
  readonly config: CentreConfig;
  readonly #flow: Flow;
  readonly #call: Call;
  readonly #ports: SessionPorts;
  /** The first is being taken. */
  readonly #inbox: (Input | Start)[] = [];
  #state: State | null;
  #running: Promise<void> | null = null;
  #closed = false;
  #apologised = false;

  /** With a memory it goes on from there; without one it waits for `start`. */
  constructor(call: Call, config: CentreConfig, flow: Flow, memory: Memory | null, ports: SessionPorts) {
    this.contact = call.contact;
    this.leg = call.leg;
    this.config = config;
    this.#flow = flow;
    this.#call = call;
    this.#ports = ports;
    this.#state = memory && { memory, live: newLive };
  }

  give(input: Input | Start): void {
    if (this.#closed || (input.type === 'key-pressed' && this.#inbox.length >= inboxMax)) return;
    this.#inbox.push(input);
    this.#running ??= this.#run();
  }

  /** When the flow wants to be woken; null while it is busy or waits for nothing. */
  get deadline(): number | null {
    return this.#running ? null : (this.#state?.live.deadline ?? null);
  }

  /** What is on its way is still committed or refused, and then forgotten. */
  close(): Promise<void> {
    this.#closed = true;
    return this.#running ?? Promise.resolve();
  }

  async #run(): Promise<void> {
    try {
      // Not before `give` has noted that this runs.
      await Promise.resolve();
      for (let input = this.#inbox[0]; input && !this.#closed; input = this.#inbox[0]) {
        await this.#takeSafely(input);
        this.#inbox.shift();
      }
    } finally {
      this.#running = null;
    }
    if (!this.#closed) this.#ports.idle(this);
  }

  /** Only a bug throws here, and it must not leave the caller in silence. */
  async #takeSafely(input: Input | Start): Promise<void> {
    try {
      const step = this.#react(input);
      if (step) await this.#take(step, input.at);
    } catch (error) {
      this.#ports.log.error({ contact: this.contact, error }, 'flow session failed');
      await this.#apologise(input.at);
    }
  }

  /** The flow cannot go on: an apology and the end; if even that cannot be said, the end. */
  async #apologise(at: number): Promise<void> {
    const memory = this.#state?.memory ?? newMemory(this.#call, this.#flow.name, this.config.version, this.config.centre.language);
    if (!this.#apologised) {
      this.#apologised = true;
      this.#state = { memory: { ...memory, node: builtIn.sorry }, live: newLive };
      this.#inbox.splice(1, Infinity, { type: 'resumed', at });
      return;
    }
    await this.#ports.propose({ type: 'flow-moved', at, contact: this.contact, path: [], data: memory.data, language: memory.language, memory, orders: [], exit: { to: 'end' } });
    this.#end();
  }

  #end(): void {
    this.#closed = true;
    this.#ports.over(this);
  }

  #react(input: Input | Start): Step | null {
    if (input.type === 'start') return begin(this.#flow, this.config, this.#call, input.at);
    return this.#state && react(this.#flow, this.config, this.#state, input);
  }

  async #take({ memory, live, path, orders, callback, exit }: Step, at: number): Promise<void> {
    const before = this.#state;
    this.#state = { memory, live };
    // Digits half entered move nothing that anyone else need know.
    if (orders.length === 0 && path.length === 0 && !exit) return;
    const { ok, refusal } = await this.#ports.propose({ type: 'flow-moved', at, contact: this.contact, path, data: memory.data, language: memory.language, memory, orders, ...(callback && { callback }), ...(exit && { exit }) });
    if (ok && !exit) return;
    if (!ok && !this.#closed) {
      this.#ports.log.warn({ contact: this.contact, node: memory.node, code: refusal?.code }, 'flow step refused');
      if (callback && before && noCallback.has(refusal?.code ?? '')) {
        this.#state = before;
        return this.#takeSafely({ type: 'callback-refused', at });
      }
      if (!leftTheFlow.has(refusal?.code ?? '')) return this.#apologise(at);
    }
    this.#end();
  }
}
