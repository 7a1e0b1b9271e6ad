/** A binary heap in an array: no item comes before its parent, so the first of all is at index 0. */
export type Before<Item> = (a: Item, b: Item) => boolean;

export function push<Item>(heap: Item[], item: Item, before: Before<Item>): void {
  let hole = heap.length;
  heap.push(item);
  while (hole > 0) {
    const parent = (hole - 1) >> 1;
    const above = heap[parent];
    if (above === undefined || !before(item, above)) break;
    heap[hole] = above;
    hole = parent;
  }
  heap[hole] = item;
}

/** Takes the first. */
export function pop<Item>(heap: Item[], before: Before<Item>): Item | undefined {
  const first = heap[0];
  const last = heap.pop();
  if (last !== undefined && heap.length > 0) sink(heap, last, before);
  return first;
}

/** Puts the item into the hole at the top, which goes down until it fits. */
function sink<Item>(heap: Item[], item: Item, before: Before<Item>): void {
  let hole = 0;
  for (;;) {
    const left = 2 * hole + 1;
    const right = heap[left + 1];
    let child = heap[left];
    if (child === undefined) break;
    let at = left;
    if (right !== undefined && before(right, child)) {
      child = right;
      at = left + 1;
    }
    if (!before(child, item)) break;
    heap[hole] = child;
    hole = at;
  }
  heap[hole] = item;
}
