/** What the engine asks of the journal; store/journal.ts is the one on Redis. */
import type { AgentId, ContactId, OfferId, QueueId } from '../base/ids.ts';
import type { Event, JournalEvent } from './messages.ts';
import type { Agent } from './agent.ts';
import type { Contact } from './contact.ts';
import type { ClosedQueue, Offer } from './model.ts';
import type { LeftPlace } from './redial.ts';

export interface Journal {
  /** The state as last committed; empty maps in a new centre. */
  load(): Promise<Stored>;
  /**
   * One atomic step: the lease is still this epoch's, the events are appended in order with ids `epoch-seq`, the
   * changed entities are written. `fenced`: another owner exists, stop at once. `unavailable`: nothing is known to
   * be written; offering the same batch again is harmless.
   */
  commit(batch: Batch): Promise<Committed>;
}

export type Committed =
  | { readonly result: 'committed'; readonly events: readonly JournalEvent[] }
  /** `redis-forgot`: Redis came back without what it had acknowledged; a new epoch must write everything again. */
  | { readonly result: 'fenced'; readonly because?: 'another-owner' | 'redis-forgot' }
  | { readonly result: 'unavailable'; readonly error: Error };

export interface Batch {
  /** Number of the first event in this epoch, from 1; the next batch starts after the last. */
  readonly firstSeq: number;
  readonly events: readonly Event[];
  /** Events with ids of earlier epochs, in order: those that the journal has lost are written again, before the others. */
  readonly earlier?: readonly JournalEvent[];
  readonly changes: Changes;
  /** The changes are everything there is: what the store holds besides (in the lines they name, too) is dropped. */
  readonly replace?: boolean;
}

/** What the events changed; null means removed. */
export interface Changes {
  readonly contacts: ReadonlyMap<ContactId, Contact | null>;
  readonly agents: ReadonlyMap<AgentId, Agent>;
  readonly offers: ReadonlyMap<OfferId, Offer | null>;
  readonly closed: ReadonlyMap<QueueId, ClosedQueue | null>;
  /** Places of those who hung up, by who did. */
  readonly left: ReadonlyMap<ContactId, LeftPlace | null>;
  /** Places in line: score grows with what comes later; null means left. */
  readonly lines: ReadonlyMap<QueueId, ReadonlyMap<ContactId, number | null>>;
}

export interface Stored {
  readonly contacts: readonly Contact[];
  readonly agents: readonly Agent[];
  readonly offers: readonly Offer[];
  readonly closed: readonly ClosedQueue[];
  /** In any order. Absent where nothing is known of them. */
  readonly left?: readonly LeftPlace[];
}
