/** What the desktops need of the rest of the service, and nothing more. app.ts hands the real ones in. */
import type { Command, JournalEvent, Outcome } from '../acd/messages.ts';
import type { Centre } from '../acd/model.ts';

/** The engine as a desktop sees it. */
export interface Desk {
  /** Live, and never written here. It may be a step ahead of what is committed. */
  readonly centre: Centre;
  submit(command: Command): Promise<Outcome>;
  /** Called in the turn of the commit, before the orders that the events cause are given. Returns the release. */
  onCommitted(listener: (events: readonly JournalEvent[]) => void): () => void;
}

/** Who a caller is. Slow or away is normal: nothing on the way of a call waits for it. */
export interface Directory {
  lookUp(ani: string): Promise<Customer | null>;
  /** Newest first. */
  earlierContacts(ani: string, limit: number): Promise<readonly EarlierContact[]>;
}

export interface Customer {
  readonly id: string;
  readonly name: string;
  /** What the centre calls its best customers, such as `vip`; null for the rest. */
  readonly tier: string | null;
  readonly note: string;
  /** Whatever else the centre keeps of its customers: label → value. */
  readonly data: Readonly<Record<string, string>>;
}

export interface EarlierContact {
  readonly contact: string;
  readonly arrivedAt: number;
  readonly queue: string | null;
  readonly agent: string | null;
  readonly disposition: string | null;
  readonly note: string;
}

/** What is known of a caller when the phone rings. */
export interface CallerRecord {
  readonly customer: Customer | null;
  readonly earlier: readonly EarlierContact[];
}
