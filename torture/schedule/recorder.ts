/** Writes down what happens while a plan is played, as a history that can be checked. */
import { setTimeout as sleep } from 'node:timers/promises';
import { steadyClock } from '../../src/base/clock.ts';
import { makeSeal } from '../../src/store/seal.ts';
import { Refused } from '../../runtime/desktop.ts';
import type { Stage } from '../../stage/stage.ts';
import type { AgentAtFirst, Asked, Dial, FaultSpan, History, PhoneCall } from '../history/history.ts';
import { rowsSince, type Position } from '../rows.ts';
import { agentOf, type Channel } from '../seen.ts';
import type { Wish } from './plan.ts';

const lookEveryMs = 250;

export class Recorder {
  readonly startedAt = steadyClock.now();
  readonly #stage: Stage;
  readonly #asked: Asked[] = [];
  readonly #faults: FaultSpan[] = [];
  readonly #dials: Dial[] = [];
  readonly #phoneCalls = new Map<string, PhoneCall>();
  readonly #ended = new AbortController();
  readonly #looking: Promise<void>;
  /** Mends what only phones and callers can mend after an Asterisk that died by itself. */
  onDeath: () => Promise<void> = async () => undefined;
  #asterisk: number | undefined;

  constructor(stage: Stage) {
    this.#stage = stage;
    this.#looking = this.#look();
  }

  async asked(agent: string, wish: Wish, open: () => Promise<() => Promise<void>>): Promise<void> {
    const opening = steadyClock.now();
    const command = await open().catch(() => undefined);
    const from = steadyClock.now();
    if (command === undefined) return void this.#asked.push({ agent, wish, from: opening, to: from, answer: 'unsent' });
    const answer = await command().then(() => 'done' as const, (error: unknown) => (error instanceof Refused ? ('refused' as const) : ('unknown' as const)));
    this.#asked.push({ agent, wish, from, to: steadyClock.now(), answer });
  }

  async fault(fault: FaultSpan['fault'], work: () => Promise<void>, from = steadyClock.now()): Promise<void> {
    const open = { fault, from, to: Number.POSITIVE_INFINITY };
    this.#faults.push(open);
    await work();
    this.#faults[this.#faults.indexOf(open)] = { ...open, to: steadyClock.now() };
  }

  dialled(dial: Omit<Dial, 'to'>): void {
    this.#dials.push({ ...dial, to: steadyClock.now() });
  }

  async history({ since, agents, talkMs }: { readonly since: Position; readonly agents: readonly AgentAtFirst[]; readonly talkMs: number }): Promise<History> {
    this.#ended.abort();
    await this.#looking;
    const { db, config, runtime } = this.#stage;
    const { events, contacts, recordings } = await rowsSince(db, config.centre.id, since);
    const seal = makeSeal(runtime.secrets.storeKey);
    return {
      asked: this.#asked.toSorted((a, b) => a.from - b.from), faults: this.#faults, dials: this.#dials, phoneCalls: [...this.#phoneCalls.values()],
      agents, events, recordings, talkMs, rules: config, numbers: new Map(contacts.map(({ id, ani }) => [id, seal.open(ani)])),
    };
  }

  /** Which agents' phones are in a call, seen from Asterisk. */
  async #look(): Promise<void> {
    const { signal } = this.#ended;
    let listedAt = steadyClock.now();
    while (!signal.aborted) {
      const before = steadyClock.now();
      this.#watchAsterisk(listedAt);
      // Asterisk may be what is away; while it starts it answers with something that is no list.
      const channels: unknown = await this.#stage.ask<Channel>('channels').catch(() => undefined);
      const after = steadyClock.now();
      if (Array.isArray(channels)) listedAt = before;
      for (const channel of Array.isArray(channels) ? (channels as Channel[]) : []) {
        const agent = channel.state === 'Up' ? agentOf(channel, this.#stage.config.agents) : undefined;
        if (agent === undefined) continue;
        // It was up at some moment between the question and the answer.
        const { from } = this.#phoneCalls.get(channel.id) ?? { from: after };
        this.#phoneCalls.set(channel.id, { agent, channel: channel.id, from, to: before });
      }
      await sleep(lookEveryMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Another process where nobody killed the one before. */
  #watchAsterisk(aliveAt: number): void {
    const { asterisk } = this.#stage.runtime.pids;
    if (asterisk === undefined || asterisk === this.#asterisk) return;
    const first = this.#asterisk === undefined;
    this.#asterisk = asterisk;
    const killed = this.#faults.some(({ fault, to }) => fault === 'asterisk-killed' && to + lookEveryMs * 2 >= steadyClock.now());
    if (!first && !killed) this.fault('asterisk-died', this.onDeath, aliveAt).catch(() => undefined);
  }
}
