/** What the desktops need of the rest of the service, and nothing more. app.ts hands the real ones in. */
import type { JournalEvent, Outcome } from '../acd/messages.ts';
import type { Command } from '../acd/commands.ts';
import type { Centre } from '../acd/model.ts';
import type { CustomerCard, EarlierContact } from '../store/directory.ts';

/** The engine as a desktop sees it. */
export interface Desk {
  /** Live, and never written here. It may be a step ahead of what is committed. */
  readonly centre: Centre;
  submit(command: Command): Promise<Outcome>;
  /** Called in the turn of the commit, before the orders that the events cause are given. Returns the release. */
  onCommitted(listener: (events: readonly JournalEvent[]) => void): () => void;
}

/** Who a caller is; store/directory.ts. Late or away is normal: nothing on the way of a call waits for it. */
export interface Directory {
  /** Null for a stranger; rejects when late or away. */
  lookUp(ani: string): Promise<CustomerCard | null>;
  /** Those that are over, newest first. */
  earlierContacts(ani: string, limit: number): Promise<readonly EarlierContact[]>;
}

/** What is known of a caller when the phone rings. A null customer is a stranger. */
export interface CallerRecord {
  readonly customer: CustomerCard | null;
  readonly earlier: readonly EarlierContact[];
}
