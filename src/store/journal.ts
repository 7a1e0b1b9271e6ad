/** The journal and the queue state on Redis, written together by one atomic script. */
import type { Redis } from 'ioredis';
import type { Batch, Committed, Journal, Stored } from '../acd/journal-port.ts';
import { assert } from '../base/assert.ts';
import { redisKeys } from './keys.ts';
import { isUnavailable } from './redis.ts';
import { script } from './script.ts';
import { readAgent, readContact, readOffer, versioned, type Unreadable } from './stored-state.ts';

export interface JournalOptions {
  readonly redis: Redis;
  readonly centre: string;
  /** Of the lease that this process holds. */
  readonly epoch: number;
  /** Told of each stored entity that cannot be read; it is left out, and the switch still knows the caller. */
  readonly onUnreadable?: (unreadable: Unreadable) => void;
}

const commitScript = script('commit.lua');

export function createJournal(options: JournalOptions): Journal {
  return { load: () => load(options), commit: (batch) => commit(options, batch) };
}

async function commit({ redis, centre, epoch }: JournalOptions, batch: Batch): Promise<Committed> {
  const { keys, args } = commitArguments(centre, epoch, batch);
  let answer: unknown;
  try {
    answer = await commitScript(redis, keys, args);
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    return { result: 'unavailable', error };
  }
  switch (answer) {
    case 'committed':
      return { result: 'committed', events: batch.events.map((event, index) => ({ id: `${epoch}-${batch.firstSeq + index}`, event })) };
    case 'fenced':
      return { result: 'fenced', because: 'another-owner' };
    case 'forgot':
      return { result: 'fenced', because: 'redis-forgot' };
    default:
      throw new Error(`commit.lua answered ${String(answer)}`);
  }
}

/** As the header of commit.lua lists them. */
function commitArguments(centre: string, epoch: number, batch: Batch): { keys: string[]; args: (string | number)[] } {
  assert(batch.firstSeq >= 1, 'events are numbered from 1');
  const { contacts, agents, offers, lines } = batch.changes;
  const names = redisKeys(centre);
  const keys = [names.epoch, names.tail, names.journal, names.contacts, names.agents, names.offers];
  const args: (string | number)[] = [epoch, batch.firstSeq, batch.replace ? '1' : '0', batch.events.length];
  for (const event of batch.events) args.push(JSON.stringify(event));
  for (const entities of [contacts, agents, offers]) {
    args.push(entities.size);
    for (const [id, entity] of entities) args.push(id, entity === null ? '' : versioned(entity));
  }
  for (const [queue, places] of lines) {
    keys.push(names.line(queue));
    args.push(places.size);
    for (const [contact, score] of places) args.push(contact, score ?? '');
  }
  return { keys, args };
}

/** The lease is ours and older owners are fenced, so nothing changes while this reads in pieces. */
async function load({ redis, centre, onUnreadable }: JournalOptions): Promise<Stored> {
  const names = redisKeys(centre);
  return {
    contacts: await readAll(redis, names.contacts, readContact, onUnreadable),
    agents: await readAll(redis, names.agents, readAgent, onUnreadable),
    offers: await readAll(redis, names.offers, readOffer, onUnreadable),
  };
}

/** Told apart by `read`: an entity, or why it is none. */
type Read<Entity> = (id: string, text: string) => Entity | Unreadable;

async function readAll<Entity extends object>(
  redis: Redis, key: string, read: Read<Entity>, onUnreadable: JournalOptions['onUnreadable'],
): Promise<Entity[]> {
  // A scan may show a field twice; the map keeps one.
  const found = new Map<string, Entity>();
  let cursor = '0';
  do {
    const [next, fields] = await redis.hscan(key, cursor, 'COUNT', 1_000);
    cursor = next;
    for (let i = 0; i + 1 < fields.length; i += 2) {
      const id = fields[i] ?? '';
      const entity = read(id, fields[i + 1] ?? '');
      if ('unreadable' in entity) onUnreadable?.(entity);
      else found.set(id, entity);
    }
  } while (cursor !== '0');
  return [...found.values()];
}
