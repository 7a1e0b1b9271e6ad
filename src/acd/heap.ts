import type { Deadline } from './model.ts';

/** Adds a deadline to the heap: parents are never later than their children. */
export function push(heap: Deadline[], deadline: Deadline): void {
  heap.push(deadline);
  let child = heap.length - 1;
  while (child > 0) {
    const parent = (child - 1) >> 1;
    if (!earlier(heap, child, parent)) return;
    swap(heap, child, parent);
    child = parent;
  }
}

/** Takes the soonest deadline if it is due at `at`. */
export function popDue(heap: Deadline[], at: number): Deadline | undefined {
  const first = heap[0];
  if (first === undefined || first.at > at) return undefined;
  const last = heap.pop();
  if (last !== undefined && heap.length > 0) {
    heap[0] = last;
    sink(heap);
  }
  return first;
}

function sink(heap: Deadline[]): void {
  let parent = 0;
  for (;;) {
    const left = 2 * parent + 1;
    const right = left + 1;
    let soonest = parent;
    if (left < heap.length && earlier(heap, left, soonest)) soonest = left;
    if (right < heap.length && earlier(heap, right, soonest)) soonest = right;
    if (soonest === parent) return;
    swap(heap, soonest, parent);
    parent = soonest;
  }
}

function earlier(heap: readonly Deadline[], a: number, b: number): boolean {
  const first = heap[a];
  const second = heap[b];
  return first !== undefined && second !== undefined && first.at < second.at;
}

function swap(heap: Deadline[], a: number, b: number): void {
  const first = heap[a];
  const second = heap[b];
  if (first === undefined || second === undefined) return;
  heap[a] = second;
  heap[b] = first;
}
