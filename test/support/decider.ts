import { expect } from 'vitest';
import { agentId, contactId, legId, playId, queueId } from '../../src/base/ids.ts';
import type { AgentId, ContactId, LegId } from '../../src/base/ids.ts';
import { nothingTouched } from '../../src/acd/touched.ts';
import { standingIn } from '../../src/acd/lines.ts';
import { violations } from '../../src/acd/invariants.ts';
import type { Event, FlowExit, Input } from '../../src/acd/messages.ts';
import type { Centre } from '../../src/acd/model.ts';
import { step } from '../../src/acd/step.ts';
import type { Decision } from '../../src/acd/step.ts';
import type { Json } from '../../src/acd/contact.ts';
import type { Key, LegEnd } from '../../src/telephony/port.ts';
import { sampleCentre } from './sample-routing.ts';

type Untimed = Input extends infer One ? (One extends Input ? Omit<One, 'at'> : never) : never;

/** Drives a centre by hand on a virtual clock and holds the invariants after each step. */
export class Table {
  readonly centre: Centre;
  at = 0;
  last: Decision = { ok: true, events: [], orders: [], touched: nothingTouched() };
  readonly history: Event[] = [];
  #calls = 0;

  constructor(centre: Centre = sampleCentre()) {
    this.centre = centre;
  }

  do(input: Untimed): Decision {
    // The time is added back: the input is whole again.
    this.last = step(this.centre, { ...input, at: this.at } as Input);
    if (this.last.ok) this.history.push(...this.last.events);
    expect(violations(this.centre)).toEqual([]);
    return this.last;
  }

  wait(ms: number): Decision {
    this.at += ms;
    return this.do({ type: 'tick' });
  }

  signIn(...agents: string[]): void {
    for (const agent of agents) {
      this.do({ type: 'sign-in', agent: agentId(agent) });
      this.do({ type: 'make-ready', agent: agentId(agent) });
      this.at += 1;
    }
  }

  call(ani = '13800000000'): ContactId {
    this.#calls += 1;
    const contact = contactId(`c-1700000000-${this.#calls}`);
    this.do({ type: 'call-arrived', contact, leg: callerLeg(contact), ani, dnis: '4000' });
    return contact;
  }

  enqueue(contact: ContactId, queue = 'general', priority = 0, more: Omit<Extract<FlowExit, { to: 'queue' }>, 'to' | 'queue' | 'priority'> & { readonly data?: Readonly<Record<string, string>>; readonly memory?: Json } = {}): Decision {
    const { data = {}, memory = null, ...asked } = more;
    return this.do({ type: 'flow-moved', contact, path: [], data, language: 'zh', memory, orders: [], exit: { to: 'queue', queue: queueId(queue), priority, ...asked } });
  }

  press(contact: ContactId, key: Key): Decision {
    return this.do({ type: 'key-pressed', leg: callerLeg(contact), key, heldMs: 80 });
  }

  queued(queue = 'general', priority = 0, more: Parameters<Table['enqueue']>[3] = {}): ContactId {
    const contact = this.call();
    this.enqueue(contact, queue, priority, more);
    this.at += 1;
    return contact;
  }

  /** The leg of the phone that rings for the contact; where several do, of this agent's. */
  ringing(contact: ContactId, agent?: string): LegId {
    const offer = [...this.centre.offers.values()].find((it) => it.contact === contact && (agent === undefined || it.agent === agent));
    expect(offer, `nobody is rung for ${contact}`).toBeDefined();
    return offer?.leg ?? legId('');
  }

  rungFor(contact: ContactId): AgentId | undefined {
    return [...this.centre.offers.values()].find((it) => it.contact === contact)?.agent;
  }

  allRungFor(contact: ContactId): AgentId[] {
    return [...this.centre.offers.values()].flatMap((it) => (it.contact === contact ? it.agent : []));
  }

  answer(contact: ContactId, agent?: string): Decision {
    return this.do({ type: 'leg-up', leg: this.ringing(contact, agent) });
  }

  hangUp(contact: ContactId): Decision {
    return this.do({ type: 'leg-down', leg: callerLeg(contact), end: 'hung-up' });
  }

  /** What an agent hears before the caller is there has been said. */
  heard(contact: ContactId): Decision {
    const offer = [...this.centre.offers.values()].find((it) => it.contact === contact && it.whisper !== undefined);
    expect(offer, `nobody hears of ${contact}`).toBeDefined();
    return this.do({ type: 'play-ended', leg: offer?.leg ?? legId(''), play: offer?.whisper?.play ?? playId(''), outcome: 'finished' });
  }

  /** On the phone of the agent who hears of the contact. */
  pressOn(contact: ContactId, agent: string, key: Key): Decision {
    return this.do({ type: 'key-pressed', leg: this.ringing(contact, agent), key, heldMs: 80 });
  }

  phoneSays(contact: ContactId, end: LegEnd, agent?: string): Decision {
    return this.do({ type: 'leg-down', leg: this.ringing(contact, agent), end });
  }

  presence(agent: string): string {
    return this.centre.agents.get(agentId(agent))?.presence.status ?? 'nobody';
  }

  types(): string[] {
    return this.last.ok ? this.last.events.map((event) => event.type) : [this.last.refusal.code];
  }

  orders(): string[] {
    return this.last.ok ? this.last.orders.map((order) => order.type) : [];
  }
}

/** The channel that contact ids are made from. */
export const callerLeg = (contact: ContactId): LegId => legId(contact.replace(/^c-(\d+)-/, '$1.'));

/** Who waits where, in the callers' order. */
export const linesOf = (centre: Centre) => new Map([...centre.lines.keys()].map((queue) => [queue, standingIn(centre, queue)]));
