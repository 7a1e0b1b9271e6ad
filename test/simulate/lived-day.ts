/**
 * A random day as a centre lives it, with everything that people do in one: callers who give up, press keys and ask to be
 * called back, agents who let phones ring, hand callers on and come and go, supervisors who reach into the line. It is
 * played against the decider itself, with a switch and people of its own, and none of the simulator's.
 */
import { makeCentre } from '../../src/acd/centre.ts';
import { nextDeadline } from '../../src/acd/deadlines.ts';
import type { Event, FlowInput, Input } from '../../src/acd/messages.ts';
import type { Routing } from '../../src/acd/model.ts';
import { step } from '../../src/acd/step.ts';
import { agentId, legId, queueId } from '../../src/base/ids.ts';
import type { AgentId, ContactId, LegId } from '../../src/base/ids.ts';
import { actsIn } from '../../src/simulate/own-acts.ts';
import { ownVisits } from '../../src/simulate/own-calls.ts';
import type { AgentSpan, OwnDay } from '../../src/simulate/own-record.ts';
import { stream } from '../../src/simulate/random.ts';
import { contactOfCaller } from '../../src/telephony/ids.ts';

export const midnight = Date.parse('2026-05-18T00:00:00Z');
export const lengthMs = 6 * 3_600_000;
const callsUntilMs = 4 * 3_600_000;
const minute = 60_000;

export function livedDay(routing: Routing, seed: string, calls: number): { readonly day: OwnDay; readonly events: readonly Event[] } {
  const random = stream('lived-day', seed);
  const chance = (share: number): boolean => random() < share;
  const about = (ms: number): number => -ms * Math.log(random());
  const oneOf = <One>(all: readonly One[]): One | undefined => all[Math.floor(random() * all.length)];
  const events: Event[] = [];
  const centre = makeCentre(routing, { contacts: [], agents: [], offers: [], closed: [] }, midnight);
  const agenda = new Map<number, () => void>();
  let now = midnight;
  /** Each at a moment of its own: what comes in the same millisecond has no order that a record knows. */
  const plan = (afterMs: number, act: () => void): void => {
    let at = now + Math.max(1, Math.round(afterMs));
    while (agenda.has(at)) at += 1;
    agenda.set(at, act);
  };
  const tell = (input: Input): void => {
    // Of a leg that was hung up meanwhile the switch says nothing more.
    if ('leg' in input && input.type !== 'call-arrived' && !centre.legs.has(input.leg)) return;
    const decision = step(centre, input);
    if (!decision.ok) return;
    for (const event of decision.events) events.push(event);
    for (const event of decision.events) live(event);
  };
  const down = (leg: LegId, end: 'hung-up' | 'busy' | 'rejected' | 'unreachable' | 'no-answer'): void => tell({ type: 'leg-down', at: now, leg, end });
  const flow = (contact: ContactId, more: Pick<FlowInput, 'callback' | 'exit'>): void => tell({ type: 'flow-moved', at: now, contact, path: [], data: {}, language: 'zh', memory: 'there', orders: [], ...more });
  const legOf = (contact: ContactId): LegId | undefined => centre.contacts.get(contact)?.leg;
  const isWaiting = (contact: ContactId): boolean => ['waiting', 'offered'].includes(centre.contacts.get(contact)?.state.status ?? '');
  const enter = (contact: ContactId, queue: string): void => {
    const place = chance(0.1) ? { position: 2 } : {};
    flow(contact, { exit: { to: 'queue', queue: queueId(queue), priority: chance(0.2) ? 5 : 0, keys: ['5'], ...place } });
  };
  const wait = (contact: ContactId): void => {
    const leg = legOf(contact);
    if (leg === undefined) return;
    plan(about(3 * minute), () => (isWaiting(contact) && legOf(contact) === leg ? down(leg, 'hung-up') : undefined));
    if (chance(0.3)) plan(about(40_000), () => tell({ type: 'key-pressed', at: now, leg, key: chance(0.3) ? '5' : '9', heldMs: 90 }));
  };
  const backInFlow = (contact: ContactId): void => plan(about(4_000), () => {
    const leg = legOf(contact);
    if (centre.contacts.get(contact)?.state.status !== 'in-flow' || leg === undefined) return;
    if (chance(0.5)) enter(contact, 'other');
    else if (chance(0.5)) flow(contact, { exit: { to: 'end' } });
    else down(leg, 'hung-up');
  });

  const live = (event: Event): void => {
    switch (event.type) {
      case 'contact-queued':
        return wait(event.contact);
      case 'contact-turned-away':
        return backInFlow(event.contact);
      case 'contact-left-queue': {
        if (event.because !== 'callback') return backInFlow(event.contact);
        const { contact } = event;
        return plan(5_000 + about(3_000), () => {
          const caller = centre.contacts.get(contact);
          if (caller?.state.status === 'in-flow') flow(contact, { callback: { number: caller.ani } });
          if (centre.contacts.get(contact)?.callback === undefined) return backInFlow(contact);
          plan(about(3_000), () => (caller !== undefined && chance(0.5) ? down(caller.leg, 'hung-up') : flow(contact, { exit: { to: 'end' } })));
        });
      }
      case 'offer-made': {
        const { leg } = event;
        if (chance(0.7)) plan(300, () => tell({ type: 'leg-ringing', at: now, leg }));
        const fate = random();
        if (fate < 0.75) return plan(1_000 + about(3_000), () => tell({ type: 'leg-up', at: now, leg }));
        if (fate < 0.9) return plan(about(2_000), () => down(leg, fate < 0.8 ? 'rejected' : fate < 0.85 ? 'busy' : 'unreachable'));
        return;
      }
      case 'offer-answered': {
        const { leg, play, confirm } = event;
        if (chance(0.1)) return plan(1_500, () => down(leg, 'hung-up'));
        return plan(2_000 + about(500), () => (confirm ? tell({ type: 'key-pressed', at: now, leg, key: '1', heldMs: 90 }) : tell({ type: 'play-ended', at: now, leg, play, outcome: 'finished' })));
      }
      case 'contact-connected': {
        const { contact, agent, leg } = event;
        const talks = (): boolean => {
          const state = centre.contacts.get(contact)?.state;
          return state?.status === 'connected' && state.agentLeg === leg;
        };
        if (chance(0.2)) plan(about(minute), () => (talks() ? tell({ type: 'escalate', at: now, agent }) : undefined));
        return plan(about(3 * minute), () => {
          const caller = legOf(contact);
          if (talks() && caller !== undefined) down(chance(0.3) ? leg : caller, 'hung-up');
        });
      }
      case 'contact-escalated':
        return wait(event.contact);
      case 'callback-attempted': {
        const { leg } = event;
        const fate = random();
        if (fate < 0.6) return plan(about(6_000), () => tell({ type: 'leg-up', at: now, leg }));
        return fate < 0.8 ? plan(about(2_000), () => down(leg, 'busy')) : undefined;
      }
      case 'callback-answered': {
        const { leg } = event;
        const fate = random();
        return plan(2_000 + about(2_000), () => (fate < 0.2 ? down(leg, 'hung-up') : tell({ type: 'key-pressed', at: now, leg, key: fate < 0.3 ? '2' : '1', heldMs: 90 })));
      }
      case 'callback-connected':
        return wait(event.contact);
      case 'presence-changed': {
        const { agent, presence, because } = event;
        if (presence.status === 'wrap-up' && chance(0.5)) plan(about(10_000), () => (centre.agents.get(agent)?.presence === presence ? tell({ type: 'finish-wrap-up', at: now, agent }) : undefined));
        if (because === 'missed' || because === 'rejected') plan(about(minute), () => (centre.agents.get(agent)?.presence === presence ? tell({ type: 'make-ready', at: now, agent }) : undefined));
        return;
      }
      default:
        return;
    }
  };

  const workers = [...routing.agents.values()].filter(({ role }) => role === 'agent');
  const boss = [...routing.agents.values()].find(({ role }) => role === 'supervisor')?.id ?? agentId('0');
  const act = (id: AgentId): void => {
    const agent = centre.agents.get(id);
    if (agent === undefined) return;
    const { status } = agent.presence;
    if (status === 'offline') {
      tell({ type: 'sign-in', at: now, agent: id });
      return plan(about(5_000), () => tell({ type: 'make-ready', at: now, agent: id }));
    }
    if (status === 'paused') return tell({ type: 'make-ready', at: now, agent: id });
    const queue = oneOf(routing.agents.get(id)?.queues ?? []);
    const what = random();
    if (what < 0.3) tell({ type: 'pause', at: now, agent: id, reason: chance(0.5) ? 'lunch' : 'talk-to-leader' });
    else if (what < 0.4) tell({ type: 'sign-out', at: now, agent: id });
    else if (what < 0.5) tell({ type: 'ask-wrap-up', at: now, agent: id });
    else if (what < 0.6) tell({ type: 'make-ready', at: now, agent: id });
    else if (queue !== undefined) tell({ type: agent.outOf?.includes(queue) ? 'join-queue' : 'leave-queue', at: now, agent: id, queue });
  };
  const reachIn = (): void => {
    const asks = [...centre.agents.values()].find(({ asked }) => asked !== undefined);
    if (asks !== undefined) return tell({ type: chance(0.7) ? 'grant-break' : 'deny-break', at: now, agent: boss, of: asks.id });
    const inLine = oneOf([...centre.contacts.values()].filter(({ state }) => ['waiting', 'offered', 'callback', 'dialling'].includes(state.status)));
    const what = random();
    if (what < 0.15) {
      const queue = oneOf([...routing.queues.keys()]) ?? queueId('line');
      tell({ type: 'close-queue', at: now, agent: boss, queue, reason: 'a drill', ...(chance(0.5) && { waiting: 'leave' }) });
      plan(about(3 * minute), () => tell({ type: 'reopen-queue', at: now, agent: boss, queue }));
    } else if (inLine !== undefined && what < 0.5) tell({ type: 'withdraw', at: now, agent: boss, contact: inLine.id, reason: 'a friend' });
    else if (inLine !== undefined) tell({ type: 're-prioritise', at: now, agent: boss, contact: inLine.id, priority: Math.floor(random() * 9) });
  };

  tell({ type: 'switch-seen', at: midnight, startedAt: midnight, legs: [], bridges: [], devices: [] });
  events.length = 0;
  for (let n = 1; n <= calls; n += 1) {
    plan(minute + random() * (callsUntilMs - minute), () => {
      const leg = legId(`1779033600.${n}`);
      const contact = contactOfCaller(leg);
      const to = oneOf(['line', 'line', 'other', 'island']) ?? 'line';
      tell({ type: 'call-arrived', at: now, contact, leg, ani: `138${String(n % 400).padStart(8, '0')}`, dnis: '4000' });
      plan(about(5_000), () => (centre.contacts.get(contact)?.state.status === 'in-flow' ? enter(contact, to) : undefined));
    });
  }
  for (const { id } of workers) {
    plan(random() * 30_000, () => act(id));
    for (let at = about(8 * minute); at < callsUntilMs; at += about(8 * minute)) plan(at, () => act(id));
    // So that the last caller meets somebody.
    plan(callsUntilMs + minute, () => tell({ type: 'sign-in', at: now, agent: id }));
    plan(callsUntilMs + minute, () => tell({ type: 'make-ready', at: now, agent: id }));
  }
  for (let at = about(minute); at < callsUntilMs; at += about(2 * minute)) plan(at, reachIn);

  for (const end = midnight + lengthMs; ; ) {
    const due = nextDeadline(centre) ?? Number.POSITIVE_INFINITY;
    const next = Math.min(...agenda.keys(), due);
    if (next >= end) break;
    now = next;
    const planned = agenda.get(next);
    if (due <= next) tell({ type: 'tick', at: now });
    else if (planned !== undefined) {
      agenda.delete(next);
      planned();
    }
  }
  const spans: AgentSpan[] = workers.map(({ id }) => ({ agent: id, status: 'offline', reason: null, contact: null, from: midnight, to: midnight + 1 }));
  return { events, day: { startsAt: midnight, endsAt: midnight + lengthMs, visits: ownVisits(events), spans, acts: actsIn(events, midnight) } };
}
