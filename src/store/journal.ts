/** The journal and the queue state on Redis, written together by one atomic script. */
import type { Redis } from 'ioredis';
import type { Batch, Committed, Journal, Stored } from '../acd/journal-port.ts';
import { assert } from '../base/assert.ts';
import { redisKeys } from './keys.ts';
import { isUnavailable } from './redis.ts';
import { noSeal, type Seal } from './seal.ts';
import { script } from './script.ts';
import { readAgent, readClosed, readContact, readLeft, readOffer, versioned, type Unreadable } from './stored-state.ts';

export interface JournalOptions {
  readonly redis: Redis;
  readonly centre: string;
  /** Of the lease that this process holds. */
  readonly epoch: number;
  /** Closes what belongs to callers; without one it is written as it is. */
  readonly seal?: Seal;
  /** Told of each stored entity that cannot be read; it is left out, and the switch still knows the caller. */
  readonly onUnreadable?: (unreadable: Unreadable) => void;
}

/** Of a hash at a time. */
const pageFields = 1_000;

const commitScript = script('commit.lua');

export function createJournal(options: JournalOptions): Journal {
  return { load: () => load(options), commit: (batch) => commit(options, batch) };
}

async function commit({ redis, centre, epoch, seal = noSeal }: JournalOptions, batch: Batch): Promise<Committed> {
  const { keys, args } = commitArguments(centre, epoch, batch, seal);
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
function commitArguments(centre: string, epoch: number, batch: Batch, seal: Seal): { keys: string[]; args: (string | number)[] } {
  assert(batch.firstSeq >= 1, 'events are numbered from 1');
  const { contacts, agents, offers, closed, left, lines } = batch.changes;
  const names = redisKeys(centre);
  const keys = [names.epoch, names.tail, names.journal, names.contacts, names.agents, names.offers, names.closed, names.left];
  const { earlier = [] } = batch;
  const args: (string | number)[] = [epoch, batch.firstSeq, batch.replace ? '1' : '0', earlier.length];
  for (const { id, event } of earlier) args.push(id, seal.stringify(event));
  args.push(batch.events.length);
  for (const event of batch.events) args.push(seal.stringify(event));
  for (const entities of [contacts, agents, offers, closed, left]) {
    args.push(entities.size);
    for (const [id, entity] of entities) args.push(id, entity === null ? '' : versioned(entity, seal));
  }
  for (const [queue, places] of lines) {
    keys.push(names.line(queue));
    args.push(places.size);
    for (const [contact, score] of places) args.push(contact, score ?? '');
  }
  return { keys, args };
}

/** The lease is ours and older owners are fenced, so nothing changes while this reads in pieces. */
async function load({ redis, centre, seal = noSeal, onUnreadable }: JournalOptions): Promise<Stored> {
  const names = redisKeys(centre);
  return {
    contacts: await readAll(redis, names.contacts, readContact, seal, onUnreadable),
    agents: await readAll(redis, names.agents, readAgent, seal, onUnreadable),
    offers: await readAll(redis, names.offers, readOffer, seal, onUnreadable),
    closed: await readAll(redis, names.closed, readClosed, seal, onUnreadable),
    left: await readAll(redis, names.left, readLeft, seal, onUnreadable),
  };
}

/** Told apart by `read`: an entity, or why it is none. */
type Read<Entity> = (id: string, text: string, seal: Seal) => Entity | Unreadable;

async function readAll<Entity extends object>(
  redis: Redis, key: string, read: Read<Entity>, seal: Seal, onUnreadable: JournalOptions['onUnreadable'],
): Promise<Entity[]> {
  // A scan may show a field twice; the map keeps one.
  const found = new Map<string, Entity>();
  let page = redis.hscan(key, '0', 'COUNT', pageFields);
  for (let more = true; more; ) {
    const [next, fields] = await page;
    more = next !== '0';
    // Redis looks for the next ones while these are read.
    if (more) page = redis.hscan(key, next, 'COUNT', pageFields);
    // Should the reading throw meanwhile, nobody waits for it any more.
    page.catch(() => undefined);
    for (let i = 0; i + 1 < fields.length; i += 2) {
      const id = fields[i] ?? '';
      const entity = read(id, fields[i + 1] ?? '', seal);
      if ('unreadable' in entity) onUnreadable?.(entity);
      else found.set(id, entity);
    }
  }
  return [...found.values()];
}
