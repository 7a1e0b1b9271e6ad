import type { Redis } from 'ioredis';
import { isAfter } from '../base/journal-id.ts';

/** Desktops and other readers resume from the journal; this many of the newest events are always there for them. */
const keepDefault = 10_000;
const page = 500;

/**
 * Drops what is in Postgres already, but never the newest `keep` events. The cut is found by walking back in pages,
 * so that no single command holds up a commit.
 */
export async function trimJournal(redis: Redis, journal: string, projected: string, keep = keepDefault): Promise<void> {
  if ((await redis.xlen(journal)) <= keep) return;
  let cut = '+';
  for (let seen = 0; seen < keep; ) {
    const entries = await redis.xrevrange(journal, cut === '+' ? '+' : `(${cut}`, '-', 'COUNT', Math.min(page, keep - seen));
    const oldest = entries.at(-1)?.[0];
    if (oldest === undefined) return;
    cut = oldest;
    seen += entries.length;
  }
  await redis.xtrim(journal, 'MINID', isAfter(cut, projected) ? projected : cut);
}
