/**
 * The order in which orders that were decided together are given. An idle agent and a waiting caller come before the
 * cleaning-up after the call that was, which is four to six requests long; but a phone that still rings for somebody
 * else is silenced first.
 */
import { roleOf } from './ids.ts';
import type { Order } from './port.ts';

export function urgentFirst(orders: readonly Order[]): readonly Order[] {
  // A ring's leg is new, so of all the others only those of the same phone have to do with it.
  return orders.some(({ type }) => type === 'ring') ? orders.toSorted((a, b) => urgency(a) - urgency(b)) : orders;
}

function urgency(order: Order): number {
  if (order.type === 'hang-up' && roleOf(order.leg) !== 'caller') return 0;
  return order.type === 'ring' ? 1 : 2;
}
