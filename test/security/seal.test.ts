import { describe, expect, test } from 'vitest';
import { agentId, contactId, legId } from '../../src/base/ids.ts';
import type { Event } from '../../src/acd/messages.ts';
import type { Contact } from '../../src/acd/contact.ts';
import { react } from '../../src/ivr/interpret.ts';
import { callbackNodes } from '../../src/ivr/nodes/callback.ts';
import { makeSeal, noSeal, sealedPrefix } from '../../src/store/seal.ts';
import { readContact, versioned } from '../../src/store/stored-state.ts';

const seal = makeSeal('a key for tests, long enough to be one');
const number = '13800138000';
const card = '6222020200112233447';

describe('a sealed text', () => {
  test('is opened by its own key alone, and is always the same', () => {
    const sealed = seal.close(number);
    expect(sealed.startsWith(sealedPrefix)).toBe(true);
    expect(sealed).not.toContain(number);
    expect(seal.open(sealed)).toBe(number);
    expect(makeSeal('a key for tests, long enough to be one').close(number)).toBe(sealed);
    expect(makeSeal('another key for tests, as long as that').open(sealed)).toBe('');
    expect(makeSeal('another key for tests, as long as that').close(number)).not.toBe(sealed);
  });

  test('keeps Chinese, emoji and nothing at all', () => {
    for (const text of ['', '客户要求 3 点后回电 📞', 'x'.repeat(2_000)]) expect(seal.open(seal.close(text))).toBe(text);
  });

  test('that was changed in one place is not opened', () => {
    const sealed = seal.close(number);
    for (let at = sealedPrefix.length; at < sealed.length - 1; at += 1) {
      const other = sealed[at] === 'A' ? 'B' : 'A';
      expect(seal.open(sealed.slice(0, at) + other + sealed.slice(at + 1))).toBe('');
    }
  });

  test('that a caller made up is a caller’s text like any other', () => {
    const forged = `${sealedPrefix}AAAA`;
    expect(seal.open(forged)).toBe('');
    expect(seal.open(seal.close(forged))).toBe(forged);
  });

  test('what was written before there was a key is read as it is', () => {
    expect(seal.open(number)).toBe(number);
    expect(seal.parse(JSON.stringify({ ani: number }))).toEqual({ ani: number });
  });
});

const contact = contactId('c-1');
const leg = legId('1700000000.1');
const memory = { flow: 'f', version: 'v', contact, leg, ani: number, dnis: '4000', node: 'n', tries: { timeout: 0, invalid: 0 }, moves: 1, plays: 1, language: 'zh', priority: 0, data: { account: card } };

/** Every event that holds what belongs to a caller. */
const events: readonly Event[] = [
  { type: 'contact-arrived', at: 1, n: 1, contact, leg, ani: number, dnis: '4000', language: 'zh', flow: 'f', version: 'v' },
  { type: 'flow-moved', at: 2, n: 2, contact, path: [{ node: 'n', took: 'entered', at: 2 }], data: { account: card, phone: number }, language: 'zh', memory, orders: [] },
  { type: 'contact-turned-away', at: 3, n: 3, contact, queue: 'billing' as never, reason: 'full', memory },
  { type: 'transfer-started', at: 4, n: 4, contact, leg, to: { number, trunk: 'carrier' }, until: 9, memory },
  { type: 'transfer-failed', at: 5, n: 5, contact, leg, to: { number }, end: 'busy', memory },
  { type: 'disposition-set', at: 6, agent: agentId('1001'), contact, disposition: { code: 'solved', note: `回电 ${number}，卡 ${card}` } },
  { type: 'presence-changed', at: 7, agent: agentId('1001'), from: 'talking', presence: { status: 'wrap-up', since: 7, contact, disposition: { code: 'solved', note: `${number}` } }, because: 'talk-over' },
  { type: 'callback-asked', at: 7, n: 7, contact, queue: 'billing' as never, number, until: 9, place: { queue: 'billing' as never, queuedAt: 1, enteredAt: 1, priority: 0, memory } },
  { type: 'contact-repaired', at: 8, n: 8, contact, orders: [{ type: 'ring', leg, to: { kind: 'agent', agent: agentId('1001') }, caller: number, contact, timeoutMs: 1 }, { type: 'play', leg, play: 'p' as never, media: [{ say: 'digits', digits: card, language: 'zh' }] }] },
];

describe('the journal', () => {
  test('holds no digits of the number that a caller confirms to be called back at', () => {
    const live = { play: null, deadline: null, keys: [], entered: '', swallow: null, secrets: {}, whole: {} };
    const setting = { version: 'v', calendars: new Map(), centre: { timeZone: 'UTC', language: 'zh' as const } };
    const flow = { name: 'f', start: 'n', variables: [], nodes: new Map() };
    const { memory: after, orders } = react(flow, setting, { memory: { ...memory, language: 'zh', node: callbackNodes.confirm }, live }, { type: 'resumed', at: 1 });
    expect(orders.at(-1)).toMatchObject({ type: 'play', media: [{ say: 'prompt' }, { say: 'digits', digits: number }, { say: 'prompt' }] });
    expect(seal.stringify({ type: 'flow-moved', memory: after, orders })).not.toMatch(/digit-\d|\d{11}/);
  });

  test.each(events)('holds no number of $type', (event) => {
    const text = seal.stringify(event);
    expect(text).not.toMatch(/\d{11}/);
    expect(seal.parse(text)).toEqual(event);
    // Without a key it is all there: the check above looks at the right thing.
    expect(noSeal.stringify(event)).toMatch(/\d{11}/);
  });

  test('gives a variable back whose name is that of a personal field, or whose value looks like a reference or a seal', () => {
    const data = { number, note: '#0', other: `${sealedPrefix}AAAA`, empty: '' };
    const entity: Contact = { id: contact, leg, ani: '#1', dnis: '4000', arrivedAt: 1, flow: { name: 'f', version: '#0' }, language: 'zh', data, path: [], next: 2, offersMade: 0, state: { status: 'closing', until: 9 } };
    expect(readContact('c-1', versioned(entity, seal), seal)).toEqual(entity);
    expect(readContact('c-1', versioned(entity, noSeal), noSeal)).toEqual(entity);
    const event: Event = { type: 'flow-moved', at: 2, n: 2, contact, path: [], data, language: 'zh', memory, orders: [] };
    expect(seal.parse(seal.stringify(event))).toEqual(event);
  });

  test('holds no number of a contact in its flow', () => {
    const entity: Contact = {
      id: contact, leg, ani: number, dnis: '4000', arrivedAt: 1, flow: { name: 'f', version: 'v' }, language: 'zh', data: { account: card }, path: [], next: 2, offersMade: 0,
      state: { status: 'in-flow', memory },
    };
    const text = versioned(entity, seal);
    expect(text).not.toMatch(/\d{11}/);
    expect(readContact('c-1', text, seal)).toEqual(entity);
    expect(text.match(/sealed\.1\./g)).toHaveLength(1);
    // As version 2 wrote it, each field by itself.
    expect(readContact('c-1', `{"v":2,${seal.stringify(entity).slice(1)}`, seal)).toEqual(entity);
    // Who lost the key has lost the numbers, and not the callers.
    for (const stranger of [makeSeal('another key for tests, as long as that'), noSeal]) expect(readContact('c-1', text, stranger)).toEqual({ ...entity, ani: '', data: { account: '' }, state: { status: 'in-flow', memory: { ...memory, ani: '', data: { account: '' } } } });
    // As version 1 wrote a contact for whom a phone rang.
    const before = JSON.stringify({ v: 1, ...entity, state: { status: 'offered', offer: 'c-1-o1', queue: 'billing' } });
    expect(readContact('c-1', before, seal)).toMatchObject({ state: { status: 'offered', offers: ['c-1-o1'] } });
  });
});
