/** `epoch-seq`: an event's id in a centre's journal, growing for ever. */
export interface JournalPosition {
  readonly epoch: number;
  readonly seq: number;
}

export const journalId = ({ epoch, seq }: JournalPosition): string => `${epoch}-${seq}`;

export function splitId(id: string): JournalPosition {
  const [epoch, seq] = id.split('-').map(Number);
  if (!Number.isSafeInteger(epoch) || !Number.isSafeInteger(seq)) throw new Error(`not a journal id: ${id}`);
  return { epoch: epoch ?? 0, seq: seq ?? 0 };
}

export function isAfter(one: string, other: string): boolean {
  const [a, b] = [splitId(one), splitId(other)];
  return a.epoch > b.epoch || (a.epoch === b.epoch && a.seq > b.seq);
}
