/**
 * A list that is kept in order, cut into pieces, so that no look-up and no insertion walks the whole of it: with 100,000
 * items an insertion moves at most a piece. The order must tell every two items apart, and an item must not change its
 * place while it is in the list.
 */
export interface Sorted<Item> {
  readonly order: Order<Item>;
  /** None is empty. */
  readonly pieces: Item[][];
  size: number;
}

/** Below 0: `a` comes first. */
export type Order<Item> = (a: Item, b: Item) => number;

export const newSorted = <Item>(order: Order<Item>): Sorted<Item> => ({ order, pieces: [], size: 0 });

const pieceMax = 512;

export function insert<Item>(list: Sorted<Item>, item: Item): void {
  const { order, pieces } = list;
  list.size += 1;
  const at = Math.min(pieceOf(list, item), pieces.length - 1);
  const piece = pieces[at];
  if (piece === undefined) {
    pieces.push([item]);
    return;
  }
  piece.splice(indexIn(piece, item, order), 0, item);
  if (piece.length > pieceMax) pieces.splice(at + 1, 0, piece.splice(pieceMax >> 1));
}

/** False where it is not in the list. */
export function remove<Item>(list: Sorted<Item>, item: Item): boolean {
  const { order, pieces } = list;
  const at = pieceOf(list, item);
  const piece = pieces[at];
  if (piece === undefined) return false;
  const index = indexIn(piece, item, order);
  const found = piece[index];
  if (found === undefined || order(found, item) !== 0) return false;
  list.size -= 1;
  if (piece.length === 1) pieces.splice(at, 1);
  else piece.splice(index, 1);
  return true;
}

export const first = <Item>({ pieces }: Sorted<Item>): Item | undefined => pieces[0]?.[0];

export function itemAt<Item>({ pieces }: Sorted<Item>, index: number): Item | undefined {
  let before = 0;
  for (const piece of pieces) {
    if (index < before + piece.length) return piece[index - before];
    before += piece.length;
  }
  return undefined;
}

/** How many come before the item, whether or not it is in the list. */
export function countBefore<Item>(list: Sorted<Item>, item: Item): number {
  const at = pieceOf(list, item);
  let before = 0;
  for (let index = 0; index < at; index += 1) before += list.pieces[index]?.length ?? 0;
  const piece = list.pieces[at];
  return piece === undefined ? before : before + indexIn(piece, item, list.order);
}

/** The first that comes after the item, whether or not that is in the list. */
export function firstAfter<Item>(list: Sorted<Item>, item: Item): Item | undefined {
  const at = pieceOf(list, item);
  const piece = list.pieces[at];
  if (piece === undefined) return undefined;
  const index = indexIn(piece, item, list.order);
  const found = piece[index];
  if (found === undefined || list.order(found, item) !== 0) return found;
  return piece[index + 1] ?? list.pieces[at + 1]?.[0];
}

export function* each<Item>({ pieces }: Sorted<Item>): Generator<Item> {
  for (const piece of pieces) yield* piece;
}

/** The first piece whose last item does not come before this one. */
function pieceOf<Item>({ order, pieces }: Sorted<Item>, item: Item): number {
  let low = 0;
  let high = pieces.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const last = pieces[middle]?.at(-1);
    if (last !== undefined && order(last, item) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Where the item is in the piece, or would be. */
function indexIn<Item>(piece: readonly Item[], item: Item, order: Order<Item>): number {
  let low = 0;
  let high = piece.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = piece[middle];
    if (other !== undefined && order(other, item) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
