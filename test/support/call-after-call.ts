// Calls one after another through menu-less numbers to an agent who answers by itself: how long each waited for it.

import { rm } from 'node:fs/promises';
import { Redis } from 'ioredis';
import { expect } from 'vitest';
import type { JournalEvent } from '../../src/acd/messages.ts';
import { redisKeys } from '../../src/store/keys.ts';
import { hearsSomething } from './hears-something.ts';
import type { LiveCentre } from './live-centre.ts';
import { straight } from './straight-lines.ts';
import { expectWhole } from './whole-story.ts';

export interface CallAfterCall {
  /** One call, answered, talked and hung up; how long from dialling until both were talking. */
  call(): Promise<number>;
  /** As many as go into the time. */
  callFor(ms: number): Promise<number[]>;
  /** Every event of the journal is in Postgres once, and every contact's story is whole. */
  expectAllTold(): Promise<void>;
}

export async function callAfterCall(centre: LiveCentre): Promise<CallAfterCall> {
  const { phone: agent } = await centre.readyAgent('1002', { answer: 'auto' });
  const caller = await centre.caller('13911112222');
  const one = async (): Promise<number> => {
    for (const phone of [caller, agent]) await rm(phone.received(), { force: true });
    const dialledAt = performance.now();
    await caller.dial(straight.low);
    await agent.waitFor('established', 15_000);
    const tookMs = performance.now() - dialledAt;
    await caller.waitFor('established');
    await Promise.all([caller, agent].map(hearsSomething));
    await caller.hangUp();
    await Promise.all([caller.waitFor('closed'), agent.waitFor('closed')]);
    return tookMs;
  };
  return {
    call: one,
    callFor: async (ms) => {
      const took: number[] = [];
      for (const end = performance.now() + ms; performance.now() < end; ) took.push(await one());
      return took;
    },
    expectAllTold: async () => {
      const events = await journalOf(centre);
      const contacts = new Set(events.flatMap(({ event }) => (event.type === 'contact-arrived' ? [event.contact] : [])));
      for (const contact of contacts) expectWhole(await centre.ended(contact, 30_000));
      const rows = await centre.db.selectFrom('call_event').select(['epoch', 'seq']).execute();
      const told = rows.map(({ epoch, seq }) => `${epoch}-${seq}`);
      expect(told).toHaveLength(new Set(told).size);
      expect(events.map(({ id }) => id).filter((id) => !told.includes(id))).toEqual([]);
    },
  };
}

async function journalOf(centre: LiveCentre): Promise<JournalEvent[]> {
  const redis = new Redis(centre.runtime.redisUrl);
  const entries = await redis.xrange(redisKeys(centre.config.centre.id).journal, '-', '+');
  redis.disconnect();
  // Written by the service's own commit.
  return entries.map(([id, fields]) => ({ id, event: JSON.parse(fields[1] ?? '') as JournalEvent['event'] }));
}

export const median = (of: readonly number[]): number => of.toSorted((a, b) => a - b)[of.length >> 1] ?? 0;
