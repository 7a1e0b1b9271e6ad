import type { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { agentId, contactId } from '../../src/base/ids.ts';
import { createJournal } from '../../src/store/journal.ts';
import { redisKeys } from '../../src/store/keys.ts';
import { makeSeal } from '../../src/store/seal.ts';
import { ownTime } from '../support/own-time.ts';
import { linkTo, newCentre, newRedis, redisOver, until, type Link } from './support/stores.ts';
import { answered, batch, billing, noChanges, waitingContact } from './support/story.ts';

let redis: Redis;
let centre: string;
const epoch = 5;

beforeAll(async () => {
  redis = await newRedis();
});
afterAll(() => redis.quit());
beforeEach(async () => {
  centre = newCentre();
  await redis.set(redisKeys(centre).epoch, epoch);
});

const journal = (of = epoch, on = redis) => createJournal({ redis: on, centre, epoch: of });
const ids = async () => (await redis.xrange(redisKeys(centre).journal, '-', '+')).map(([id]) => id);

test('a commit appends the events in order and writes what they changed', async () => {
  const contact = waitingContact('c-1');
  const result = await journal().commit(batch(1, answered().slice(0, 3), {
    contacts: new Map([[contact.id, contact]]),
    lines: new Map([[billing, new Map([[contact.id, 1_000]])]]),
  }));
  expect(result).toMatchObject({ result: 'committed', events: [{ id: '5-1' }, { id: '5-2' }, { id: '5-3' }] });
  expect(await ids()).toEqual(['5-1', '5-2', '5-3']);
  expect(await redis.zrange(redisKeys(centre).line('billing'), '0', '-1', 'WITHSCORES')).toEqual(['c-1', '1000']);
  expect(await journal().load()).toEqual({ contacts: [contact], agents: [], offers: [], closed: [], left: [] });
});

test('null removes an entity and its place in line', async () => {
  const contact = waitingContact('c-1');
  await journal().commit(batch(1, answered().slice(0, 1), { contacts: new Map([[contact.id, contact]]), lines: new Map([[billing, new Map([[contact.id, 1]])]]) }));
  await journal().commit(batch(2, answered().slice(1, 2), { contacts: new Map([[contact.id, null]]), lines: new Map([[billing, new Map([[contact.id, null]])]]) }));
  expect(await journal().load()).toEqual({ contacts: [], agents: [], offers: [], closed: [], left: [] });
  expect(await redis.zcard(redisKeys(centre).line(billing))).toBe(0);
});

test('a closed queue is kept until it is opened, and dropped with all else when everything is written again', async () => {
  const closed = { id: billing, since: 7, by: agentId('2001'), reason: 'fire drill', waiting: 'serve' } as const;
  await journal().commit(batch(1, answered().slice(0, 1), { closed: new Map([[billing, closed]]) }));
  expect((await journal().load()).closed).toEqual([closed]);
  await journal().commit(batch(2, answered().slice(1, 2), { closed: new Map([[billing, null]]) }));
  expect((await journal().load()).closed).toEqual([]);
  await journal().commit(batch(3, answered().slice(2, 3), { closed: new Map([[billing, closed]]) }));
  await journal().commit({ ...batch(4, []), replace: true });
  expect((await journal().load()).closed).toEqual([]);
});

test('the place of one who hung up is kept until it is taken; his number stands sealed', async () => {
  const id = contactId('c-rx1-1700000000-9');
  const place = { id, queue: billing, ani: '13912345678', queuedAt: 5, leftAt: 9 };
  const sealed = createJournal({ redis, centre, epoch, seal: makeSeal('a key of this test and of no other') });
  await sealed.commit(batch(1, answered().slice(0, 1), { left: new Map([[id, place]]) }));
  expect((await sealed.load()).left).toEqual([place]);
  expect(await redis.hget(redisKeys(centre).left, id)).not.toContain('13912345678');
  await sealed.commit(batch(2, answered().slice(1, 2), { left: new Map([[id, null]]) }));
  expect((await sealed.load()).left).toEqual([]);
});

test('the same batch offered again is committed, and written once', async () => {
  const offer = batch(1, answered().slice(0, 4));
  expect(await journal().commit(offer)).toEqual(await journal().commit(offer));
  expect(await ids()).toHaveLength(4);
});

test('an old batch that comes late does not undo what was written after it', async () => {
  const early = waitingContact('c-1', 1_000);
  const late = waitingContact('c-1', 2_000);
  const first = batch(1, answered().slice(0, 1), { contacts: new Map([[early.id, early]]) });
  await journal().commit(first);
  await journal().commit(batch(2, answered().slice(1, 2), { contacts: new Map([[late.id, late]]) }));
  expect(await journal().commit(first)).toMatchObject({ result: 'committed' });
  expect((await journal().load()).contacts).toEqual([late]);
});

test('a batch offered again with more behind it adds only what is new', async () => {
  await journal().commit(batch(1, answered().slice(0, 2)));
  await journal().commit(batch(1, answered().slice(0, 5)));
  expect(await ids()).toEqual(['5-1', '5-2', '5-3', '5-4', '5-5']);
});

test('an owner of an older epoch is fenced and writes nothing', async () => {
  await redis.set(redisKeys(centre).epoch, epoch + 1);
  await journal(epoch + 1).commit(batch(1, answered().slice(0, 1)));
  expect(await journal(epoch).commit(batch(1, answered().slice(0, 3)))).toEqual({ result: 'fenced', because: 'another-owner' });
  expect(await ids()).toEqual(['6-1']);
});

test('two owners who both believe in their lease never mix: every event of the older ends before the newer begins', async () => {
  const [older, newer] = [journal(epoch), journal(epoch + 1)];
  const [one] = answered();
  const writeAs = async (of: typeof older) => {
    let seq = 0;
    for (let i = 0; i < 100; i += 1) if (one && (await of.commit(batch(seq + 1, [one]))).result === 'committed') seq += 1;
    return seq;
  };
  const old = writeAs(older);
  await redis.set(redisKeys(centre).epoch, epoch + 1);
  const written = [await old, await writeAs(newer)];
  expect(written[1]).toBe(100);
  const epochs = (await ids()).map((id) => id.split('-')[0]);
  expect(epochs).toEqual([...Array<string>(written[0] ?? 0).fill('5'), ...Array<string>(100).fill('6')]);
});

test('a Redis that lost what it acknowledged is told apart from another owner', async () => {
  await journal().commit(batch(1, answered().slice(0, 3)));
  const { epoch: known, tail, journal: stream } = redisKeys(centre);
  await redis.set(tail, '5-1');
  expect(await journal().commit(batch(4, answered().slice(3, 4)))).toEqual({ result: 'fenced', because: 'redis-forgot' });
  await redis.del(known, tail, stream);
  expect(await journal().commit(batch(4, answered().slice(3, 4)))).toEqual({ result: 'fenced', because: 'redis-forgot' });
});

test('a state written whole drops what Redis held besides', async () => {
  const [stale, kept] = [waitingContact('c-stale'), waitingContact('c-kept')];
  await journal().commit(batch(1, answered().slice(0, 1), { contacts: new Map([[stale.id, stale]]), lines: new Map([[billing, new Map([[stale.id, 1]])]]) }));
  await redis.set(redisKeys(centre).epoch, '6');
  const whole = { ...batch(1, [], { contacts: new Map([[kept.id, kept]]), lines: new Map([[billing, new Map([[kept.id, 2]])]]) }), replace: true };
  expect(await journal(6).commit(whole)).toMatchObject({ result: 'committed' });
  expect((await journal(6).load()).contacts).toEqual([kept]);
  expect(await redis.zrange(redisKeys(centre).line(billing), '0', '-1')).toEqual(['c-kept']);
});

test('what cannot be read is left out and told, and the rest is loaded', async () => {
  const good = waitingContact('c-good');
  await journal().commit(batch(1, answered().slice(0, 1), { contacts: new Map([[good.id, good]]) }));
  await redis.hset(redisKeys(centre).contacts, 'c-torn', '{"v":1,"id":"c-torn"', 'c-odd', '{"v":1,"id":"c-odd","state":{"status":"flying"}}');
  const unreadable: string[] = [];
  const reading = createJournal({ redis, centre, epoch, onUnreadable: ({ id }) => unreadable.push(id) });
  expect((await reading.load()).contacts).toEqual([good]);
  expect(unreadable.toSorted()).toEqual(['c-odd', 'c-torn']);
});

test('a state that a newer version wrote refuses the start', async () => {
  await redis.hset(redisKeys(centre).contacts, 'c-1', '{"v":4,"id":"c-1"}');
  await expect(journal().load()).rejects.toThrow(/newer version/);
});

test('every contact of a long line is loaded', async () => {
  const contacts = new Map(Array.from({ length: 3_000 }, (_, i) => [contactId(`c-${i}`), waitingContact(`c-${i}`, i)] as const));
  await journal().commit({ ...batch(1, answered().slice(0, 1)), changes: { ...noChanges, contacts } });
  expect((await journal().load()).contacts).toHaveLength(3_000);
});

test('a script that Redis has forgotten is sent again', async () => {
  await journal().commit(batch(1, answered().slice(0, 1)));
  await redis.script('FLUSH');
  expect(await journal().commit(batch(2, answered().slice(1, 2)))).toMatchObject({ result: 'committed' });
});

test('a connection cut between the request and its answer: unavailable, and the retry finds it written', async () => {
  await withLink(async (link, cut) => {
    const mine = journal(epoch, cut);
    await mine.commit(batch(1, answered().slice(0, 1)));
    link.cutBeforeAnswer();
    const second = batch(2, answered().slice(1, 4));
    expect(await mine.commit(second)).toMatchObject({ result: 'unavailable' });
    link.restore();
    const again = await until(() => mine.commit(second), ({ result }) => result !== 'unavailable');
    expect(again).toMatchObject({ result: 'committed', events: [{ id: '5-2' }, { id: '5-3' }, { id: '5-4' }] });
    expect(await ids()).toEqual(['5-1', '5-2', '5-3', '5-4']);
  });
});

test('a network that swallows everything makes a commit unavailable within its time limit', async () => {
  await withLink(async (link, far) => {
    link.swallow();
    const took = ownTime();
    expect(await journal(epoch, far).commit(batch(1, answered().slice(0, 1)))).toMatchObject({ result: 'unavailable' });
    expect(took()).toBeLessThan(2_000);
  });
});

async function withLink(work: (link: Link, redis: Redis) => Promise<void>): Promise<void> {
  const link = await linkTo(inject('runtime').redisUrl);
  const far = await redisOver(link);
  try {
    await work(link, far);
  } finally {
    far.disconnect();
    await link.close();
  }
}

test('events of before that the journal has lost are written again under their own ids, those that it has are not', async () => {
  const events = answered();
  const earlier = events.slice(0, 6).map((event, index) => ({ id: `5-${index + 1}`, event }));
  await journal().commit(batch(1, events.slice(0, 4)));
  await redis.set(redisKeys(centre).epoch, 8);
  const again = { ...batch(1, events.slice(6, 7)), earlier: [...earlier.slice(1, 3), ...earlier], replace: true };
  expect(await journal(8).commit(again)).toMatchObject({ result: 'committed', events: [{ id: '8-1' }] });
  expect(await ids()).toEqual(['5-1', '5-2', '5-3', '5-4', '5-5', '5-6', '8-1']);
  expect(await journal(8).commit(again)).toMatchObject({ result: 'committed' });
  expect(await ids()).toHaveLength(7);
  const [, fields] = (await redis.xrange(redisKeys(centre).journal, '5-6', '5-6'))[0] ?? ['', []];
  expect(JSON.parse(fields[1] ?? '')).toEqual(events[5]);
});
