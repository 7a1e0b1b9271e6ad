import { pop, push as pushInto } from '../base/heap.ts';
import type { Deadline } from './model.ts';

const sooner = (a: Deadline, b: Deadline): boolean => a.at < b.at;

export const push = (heap: Deadline[], deadline: Deadline): void => pushInto(heap, deadline, sooner);

/** Takes the soonest deadline if it is due at `at`. */
export function popDue(heap: Deadline[], at: number): Deadline | undefined {
  const first = heap[0];
  return first === undefined || first.at > at ? undefined : pop(heap, sooner);
}
