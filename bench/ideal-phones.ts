/** Phones that are answered at once and callers who have said what they wanted at once: what they tell the decider of its orders. */
import { legId, queueId } from '../src/base/ids.ts';
import { meets } from '../src/acd/needs.ts';
import type { Event, Input } from '../src/acd/messages.ts';
import type { Routing } from '../src/acd/model.ts';
import type { Order } from '../src/telephony/port.ts';
import { contactOf, startedAt } from './large-centre.ts';

export interface Phones {
  /** In the order in which they happen. */
  readonly inputs: Input[];
  readonly call: () => void;
  /** A new caller comes for each who leaves, so that as many wait as before. */
  readonly follow: (events: readonly Event[], orders: readonly Order[]) => void;
}

/** Their callers want queues in which somebody is who may serve them at once. */
export function idealPhones(routing: Routing, firstCall: number, clock: () => number = virtualClock()): Phones {
  const inputs: Input[] = [];
  const queues = [...routing.queues.values()].filter(({ id, needs }) => [...routing.agents.values()].some((agent) => agent.queues.includes(id) && meets(agent.skills, needs.tree))).map(({ id }) => id);
  let calls = firstCall;
  const call = (): void => {
    const contact = contactOf((calls += 1));
    const at = clock();
    inputs.push({ type: 'call-arrived', at, contact, leg: legId(contact.replace(/^c-(\d+)-/, '$1.')), ani: '', dnis: '4000' });
    inputs.push({ type: 'flow-moved', at, contact, path: [], data: {}, language: 'zh', memory: null, orders: [], exit: { to: 'queue', queue: queues[(calls * 7_919) % queues.length] ?? queueId('none'), priority: calls % 10 } });
  };
  return {
    inputs, call,
    follow: (events, orders) => {
      const at = clock();
      for (const order of orders) {
        if (order.type === 'ring') inputs.push({ type: 'leg-up', at, leg: order.leg });
        if (order.type === 'connect') inputs.push({ type: 'leg-down', at, leg: order.legs[0], end: 'hung-up' });
      }
      for (const event of events) {
        if (event.type === 'contact-ended') call();
        if (event.type === 'presence-changed' && event.presence.status === 'wrap-up') inputs.push({ type: 'finish-wrap-up', at, agent: event.agent });
      }
    },
  };
}

/** A thousand calls a second. */
function virtualClock(): () => number {
  let asked = 0;
  return () => startedAt + Math.floor((asked += 1) / 4);
}
