import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { agentId, bridgeId, contactId, legId, offerId, queueId, recordingId } from '../../src/base/ids.ts';
import type { Event, OfferOutcome } from '../../src/acd/messages.ts';
import type { Presence } from '../../src/acd/agent.ts';
import { mergeChanges } from '../../src/store/merge-changes.ts';
import { fold } from '../../src/store/fold.ts';
import { entries, project, rowsOf, settings } from './support/rows.ts';
import { newCentre, newDatabase, type TestDatabase } from './support/stores.ts';
import { answered, billing } from './support/story.ts';

let own: TestDatabase;
beforeAll(async () => {
  own = await newDatabase();
});
afterAll(() => own.drop());

/**
 * Anything that may happen to a contact, in any order and more than the decider would allow: its rows must be the same
 * whether each event is written by itself or many are joined. Only that a row is spoken of before it has begun cannot be.
 */
const kinds = ['arrived', 'moved', 'queued', 'overflowed', 'offered', 'rang', 'accepted', 'no-answer', 'elsewhere', 'connected', 'lost', 'not-joined', 'talks-on', 'transfer', 'transferred', 'transfer-failed', 'recorded', 'stopped', 'failed', 'disposed', 'presence', 'ended'] as const;
const days = fc.array(fc.tuple(fc.constantFrom(...kinds), fc.nat(1), fc.nat(2)), { minLength: 5, maxLength: 60, size: 'max' });

function eventsOf(day: readonly (readonly [kind: (typeof kinds)[number], contact: number, n: number])[]): Event[] {
  const [start, agents] = [Date.UTC(2026, 4, 20, 2), ['1001', '1002', '1003']];
  const firsts: Event[] = [0, 1].map((who) => ({ type: 'contact-arrived', at: start, n: 1, contact: contactId(`c-${who}`), leg: legId(`leg-${who}`), ani: '13800138000', dnis: '4000', language: 'zh', flow: 'hotline', version: 'v1' }));
  const begun = new Set<string>();
  const speaksOfNothing = (event: Event): boolean => {
    const [row, begins] = rowOf(event) ?? ['', true];
    if (begins) begun.add(row);
    return !begun.has(row);
  };
  return [...firsts, ...day.map(([kind, who, n], index): Event => {
    const at = start + index * 1_000;
    const of = { at, contact: contactId(`c-${who}`) };
    const agent = agentId(agents[n] ?? '1001');
    const offer = { ...of, agent, queue: billing, offer: offerId(`o-${who}-${n}`) };
    const leg = legId(`a-${who}-${n}`);
    const outcome = (is: OfferOutcome): Event => ({ ...offer, type: 'offer-ended', outcome: is, ringMs: index });
    const transfer = { ...of, leg: legId(`t-${who}-${n}`), to: { number: '10086' } };
    const recording = { ...of, recording: recordingId(`r-${who}-${n}`), leg: legId(`leg-${who}`) };
    const presences: readonly Presence[] = [{ status: 'ready', since: at, idleSince: at }, { status: 'paused', since: at, idleSince: at, reason: 'lunch' }, { status: 'talking', since: at, contact: of.contact }];
    switch (kind) {
      case 'arrived': return { ...of, at: start + index, type: 'contact-arrived', leg: legId(`leg-${who}`), ani: '1', dnis: '2', language: 'en', flow: 'other', version: 'v2' };
      case 'moved': return { ...of, type: 'flow-moved', path: [{ node: `n${index}`, took: 'next', at }], data: { [`d${n}`]: String(index) }, language: n === 0 ? 'zh' : 'en', memory: null, orders: [] };
      case 'queued': return { ...of, type: 'contact-queued', queue: billing, priority: n, queuedAt: at, position: 1, restored: n === 2 };
      case 'overflowed': return { ...of, type: 'contact-overflowed', from: billing, queue: queueId('general'), priority: n };
      case 'offered': return { ...offer, type: 'offer-made', leg, until: at, waitMs: index };
      case 'rang': return { ...offer, type: 'offer-rang' };
      case 'accepted': return outcome('accepted');
      case 'no-answer': return outcome('no-answer');
      case 'elsewhere': return { ...offer, type: 'offer-ended', outcome: 'answered-elsewhere', ringMs: index, leg };
      case 'connected': return { ...offer, type: 'contact-connected', leg, bridge: bridgeId('b'), waitMs: index * 1_000, ringMs: 1 };
      case 'lost': return { ...of, type: 'contact-requeued', queue: billing, agent, because: 'agent-lost' };
      case 'not-joined': return { ...of, type: 'contact-requeued', queue: billing, agent, because: 'connect-failed' };
      case 'talks-on': return { ...of, type: 'contact-restored', state: n === 0 ? { status: 'transferred', leg: legId(`t-${who}-0`), bridge: bridgeId('b'), to: { number: '' }, connectedAt: at - 500 } : { status: 'connected', queue: billing, priority: n, queuedAt: at - 9_000, enteredAt: at, agent, agentLeg: leg, bridge: bridgeId('b'), connectedAt: at - 500 } };
      case 'transfer': return { ...transfer, type: 'transfer-started', until: at, memory: null };
      case 'transferred': return { ...transfer, type: 'transfer-connected', bridge: bridgeId('b') };
      case 'transfer-failed': return { ...transfer, type: 'transfer-failed', end: 'busy', memory: null };
      case 'recorded': return { ...recording, type: 'recording-started', agent, queue: billing };
      case 'stopped': return { ...recording, type: 'recording-stopped' };
      case 'failed': return { ...recording, type: 'recording-failed', detail: `why ${index}` };
      case 'disposed': return { ...of, type: 'disposition-set', agent, disposition: { code: `d${n}`, note: String(index) } };
      case 'presence': return { at, type: 'presence-changed', agent, from: 'ready', presence: presences[n] ?? { status: 'offline', since: at }, because: 'asked' };
      case 'ended': return { ...of, type: 'contact-ended', reason: n === 0 ? 'caller-hung-up' : 'failed', during: n === 1 ? 'queue' : 'talk', ...(n === 2 ? { agent } : {}), waitMs: index, talkMs: index };
    }
  }).filter((event) => !speaksOfNothing(event))];
}

/** The row besides the contact's that an event is about, and whether it begins there. */
function rowOf(event: Event): readonly [row: string, begins: boolean] | undefined {
  if ('offer' in event) return [event.offer, event.type === 'offer-made'];
  if ('recording' in event) return [event.recording, event.type === 'recording-started'];
  if (event.type.startsWith('transfer-') && 'leg' in event) return [event.leg, event.type === 'transfer-started'];
  return undefined;
}

test('joined or one by one, the rows are the same', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(days, fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 8 }), async (day, sizes) => {
      const all = entries(eventsOf(day));
      const [single, joined, whole] = [newCentre(), newCentre(), newCentre()];
      await project(own.db, single, all, all.map(() => 1));
      await project(own.db, joined, all, sizes);
      await project(own.db, whole, all);
      const expected = await rowsOf(own.db, single);
      expect(await rowsOf(own.db, joined)).toEqual(expected);
      expect(await rowsOf(own.db, whole)).toEqual(expected);
    }),
    { numRuns: 30 },
  );
});

test('each row of a batch is written once, however often the batch changes it', () => {
  const changes = answered().flatMap((event, index) => fold({ id: `1-${index + 1}`, event }, settings));
  const rows = mergeChanges(changes);
  for (const { id } of [...rows.contacts, ...rows.legs, ...rows.offers, ...rows.recordings]) expect([...rows.contacts, ...rows.legs, ...rows.offers, ...rows.recordings].filter((row) => row.id === id)).toHaveLength(1);
  expect(rows.contacts).toHaveLength(1);
  expect(rows.intervals.map(({ status, follows }) => [status, follows])).toEqual([['offered', false], ['talking', true], ['wrap-up', true], ['ready', true]]);
});
