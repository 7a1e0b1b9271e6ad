// The centre as Redis holds it, in the words of a test: callers by their numbers.

import type { Redis } from 'ioredis';
import type { Presence } from '../../src/acd/agent.ts';
import type { Contact } from '../../src/acd/contact.ts';
import { createJournal } from '../../src/store/journal.ts';
import { redisKeys } from '../../src/store/keys.ts';
import type { Seal } from '../../src/store/seal.ts';

export interface StoredCentre {
  /** Caller's number → contact. */
  readonly callers: ReadonlyMap<string, Contact>;
  /** Queue → callers' numbers in their order. */
  readonly lines: Readonly<Record<string, readonly string[]>>;
  readonly agents: Readonly<Record<string, Presence>>;
}

export async function storedCentre(redis: Redis, centre: string, seal: Seal): Promise<StoredCentre> {
  const { contacts, agents } = await createJournal({ redis, centre, epoch: 0, seal }).load();
  const numberOf = new Map<string, string>(contacts.map(({ id, ani }) => [id, ani]));
  const lineKeys = await redis.keys(redisKeys(centre).line('*').replace(/[{}]/g, '\\$&'));
  const lines = await Promise.all(lineKeys.map(async (key) => [key.slice(key.lastIndexOf(':') + 1), (await redis.zrange(key, '0', '-1')).map((id) => numberOf.get(id) ?? id)] as const));
  return {
    callers: new Map(contacts.map((contact) => [contact.ani, contact])),
    lines: Object.fromEntries(lines),
    agents: Object.fromEntries(agents.map(({ id, presence }) => [id, presence])),
  };
}
