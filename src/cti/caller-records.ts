/**
 * Who the live callers are, looked up when they arrive so that the card is ready when a phone rings. The database may
 * be slow or away: nobody waits here, and a look-up that failed is tried again while its contact lives.
 */
import type { LastTalk } from '../acd/contact.ts';
import { agentId } from '../base/ids.ts';
import type { ContactId } from '../base/ids.ts';
import type { CallerRecord, Directory } from './desk.ts';

export interface CallerRecordsOptions {
  readonly directory: Directory;
  /** A record came in, maybe after its contact began to ring. Called from a later turn, never from `want`. */
  readonly onKnown: (contact: ContactId) => void;
  /** The look-up failed; once for each row of failures, not for each caller. */
  readonly onAway: (error: Error) => void;
  readonly contactsMax?: number;
  readonly atOnceMax?: number;
  readonly retryMs?: number;
  /** A look-up that takes longer counts as failed, so that a hung database cannot hold every place. */
  readonly lookUpMsMax?: number;
}

const earlierMax = 5;
const triesMax = 60;

type Entry = { readonly ani: string; tries: number; record?: CallerRecord };

export class CallerRecords {
  readonly #options: Required<CallerRecordsOptions>;
  /** Insertion order: the oldest contact goes first when there are too many. */
  readonly #entries = new Map<ContactId, Entry>();
  readonly #waiting = new Set<ContactId>();
  #running = 0;
  #away = false;
  #retry: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(options: CallerRecordsOptions) {
    this.#options = { contactsMax: 20_000, atOnceMax: 8, retryMs: 2_000, lookUpMsMax: 5_000, ...options };
  }

  readonly recordOf = (contact: ContactId): CallerRecord | undefined => this.#entries.get(contact)?.record;

  /** Asks for the record unless it is known or on its way. */
  want(contact: ContactId, ani: string): void {
    if (this.#entries.has(contact) || this.#stopped) return;
    this.#entries.set(contact, { ani, tries: 0 });
    if (this.#entries.size > this.#options.contactsMax) {
      for (const oldest of this.#entries.keys()) {
        this.forget(oldest);
        break;
      }
    }
    this.#waiting.add(contact);
    this.#next();
  }

  forget(contact: ContactId): void {
    this.#entries.delete(contact);
    this.#waiting.delete(contact);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#retry);
    this.#entries.clear();
    this.#waiting.clear();
  }

  #next(): void {
    if (this.#stopped || this.#retry !== undefined) return;
    for (const contact of this.#waiting) {
      if (this.#running >= this.#options.atOnceMax) return;
      this.#waiting.delete(contact);
      const entry = this.#entries.get(contact);
      if (entry) void this.#look(contact, entry);
    }
  }

  async #look(contact: ContactId, entry: Entry): Promise<void> {
    this.#running += 1;
    entry.tries += 1;
    try {
      entry.record = await within(this.#options.lookUpMsMax, recordFrom(this.#options.directory, entry.ani));
      this.#away = false;
      if (this.#entries.get(contact) === entry) this.#options.onKnown(contact);
    } catch (error) {
      this.#failed(contact, entry, error instanceof Error ? error : new Error(String(error)));
    } finally {
      this.#running -= 1;
      this.#next();
    }
  }

  /** One failure means the database is away for all: everybody waits for the same next try. */
  #failed(contact: ContactId, entry: Entry, error: Error): void {
    if (this.#stopped) return;
    if (!this.#away) this.#options.onAway(error);
    this.#away = true;
    if (this.#entries.get(contact) === entry && entry.tries < triesMax) this.#waiting.add(contact);
    this.#retry ??= setTimeout(() => {
      this.#retry = undefined;
      this.#next();
    }, this.#options.retryMs);
  }
}

/** Whom the caller talked to last, of the contacts that the record shows. */
export function lastTalkOf({ earlier }: CallerRecord): LastTalk | null {
  const talk = earlier.find(({ answered, agent }) => answered && agent !== null);
  return talk?.agent == null ? null : { agent: agentId(talk.agent), at: talk.arrivedAt };
}

async function recordFrom(directory: Directory, ani: string): Promise<CallerRecord> {
  const [customer, earlier] = await Promise.all([directory.lookUp(ani), directory.earlierContacts(ani, earlierMax)]);
  return { customer, earlier };
}

async function within<Value>(ms: number, work: Promise<Value>): Promise<Value> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`the directory did not answer within ${ms} ms`)), ms);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
