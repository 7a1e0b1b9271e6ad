import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CentreConfig } from '../../src/config/centre-config.ts';
import { loadCentre, readKept } from '../../src/config/load.ts';
import { keepConfigurations } from '../../src/store/configuration-keeper.ts';
import { configurations, filesBytesMax } from '../../src/store/configurations.ts';
import { history } from '../../src/store/history.ts';
import { openPast } from '../../src/store/past.ts';
import { makeSeal } from '../../src/store/seal.ts';
import { whyAgent, whyContact } from '../../src/store/why.ts';
import { sampleDir } from '../config/sample.ts';
import { Table } from '../support/decider.ts';
import { sampleCentre } from '../support/sample-routing.ts';
import { project } from './support/rows.ts';
import { newCentre, newDatabase, silent, until, type TestDatabase } from './support/stores.ts';

let own: TestDatabase;
beforeAll(async () => void (own = await newDatabase()));
afterAll(() => own.drop());

const seal = makeSeal('a key of this test and of no other');
const present = configOf(loadCentre(sampleDir));
/** Billing rings the least skilled instead of the longest idle, and everything stands five lines further down. */
const earlier = configOf(readKept('earlier', new Map([...present.files].map(([file, text]) => [file, file === 'queues.yaml' ? `#\n#\n#\n#\n#\n${text.replace('billing:\n', 'billing:\n  strategy: least-skilled\n')}` : text]))));

function configOf(loaded: ReturnType<typeof loadCentre>): CentreConfig {
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems[0]));
  return loaded.config;
}

describe('the configurations that held', () => {
  test('are read again as they were, once each, and nobody reads them in a dump', async () => {
    const centre = newCentre();
    const kept = configurations(own.db, { centre, seal });
    expect(await kept.keep('v1', earlier.files)).toBe(true);
    expect(await kept.keep('v1', new Map())).toBe(true);
    expect(await kept.read(['v1', 'v2'])).toEqual(new Map([['v1', new Map(earlier.files)]]));
    expect(await kept.read([])).toEqual(new Map());
    const [row] = await own.db.selectFrom('configuration').selectAll().where('centre', '=', centre).execute();
    expect(row?.files).toMatch(/^sealed\.1\.[\w-]+$/);
    expect(await configurations(own.db, { centre, seal: makeSeal('quite another key, of nobody here') }).read(['v1'])).toEqual(new Map());
  });

  test('a larger one than any centre has is not kept', async () => {
    const kept = configurations(own.db, { centre: newCentre(), seal });
    expect(await kept.keep('huge', new Map([['flows/huge.yaml', 'x'.repeat(filesBytesMax)]]))).toBe(false);
    expect(await kept.read(['huge'])).toEqual(new Map());
    // As large as may be, of what cannot be packed.
    const random = randomBytes(1_500_000).toString('base64');
    expect(await kept.keep('large', new Map([['flows/large.yaml', random]]))).toBe(true);
    expect((await kept.read(['large'])).get('large')?.get('flows/large.yaml')).toBe(random);
  });

  test('are kept in the end where Postgres comes late', async () => {
    const kept: string[] = [];
    let away = 3;
    const keeper = keepConfigurations({ log: silent, againMs: 5, configurations: { read: async () => new Map(), keep: async (version) => {
      if (away > 0) throw new Error(`away, ${away -= 1}`);
      kept.push(version);
      return true;
    } } });
    keeper.keep({ version: 'v1', files: new Map() });
    keeper.keep({ version: 'v2', files: new Map() });
    await until(() => kept, (versions) => versions.length === 2);
    await keeper.stop();
    keeper.keep({ version: 'v3', files: new Map() });
    await keeper.stop();
    expect([kept, away]).toEqual([['v1', 'v2'], 0]);
  });
});

describe('why, of a decision under an earlier configuration', () => {
  const table = new Table(sampleCentre(earlier));
  table.at = Date.now() - 600_000;
  table.do({ type: 'switch-lost' });
  table.do({ type: 'switch-resumed' });
  table.signIn('1004', '1001');
  const then = table.queued('billing');
  table.answer(then);
  table.do({ type: 'configure', routing: present });
  const now = table.queued('billing');
  table.answer(now);
  const entries = table.history.map((event, index) => ({ id: `7-${index + 1}`, text: seal.stringify(event) }));
  const pastOf = async (keep: boolean) => {
    const of = { centre: newCentre(), seal };
    await project(own.db, of.centre, entries);
    const kept = configurations(own.db, of);
    if (keep) await kept.keep(earlier.version, earlier.files);
    return openPast(history(own.db, of), kept, present);
  };
  const offerIn = (why: Awaited<ReturnType<typeof whyContact>>) => why?.decisions.find(({ event }) => event.type === 'offer-made');

  test('it is worked out by that very configuration, with the line of that file', async () => {
    const past = await pastOf(true);
    const offer = offerIn(await whyContact(past, then, table.at));
    expect(offer).toMatchObject({ event: { agent: '1001' }, recomputed: true, version: 'earlier', line: 'queues.yaml:8', asked: { strategy: 'least-skilled' } });
    expect(offer).not.toHaveProperty('otherRules');
    expect(offerIn(await whyContact(past, now, table.at))).toMatchObject({ event: { agent: '1004' }, recomputed: true, version: present.version, line: 'queues.yaml:2', asked: { strategy: 'longest-idle' } });
    expect((await past.momentAt(`7-${entries.length}`)).centre.routing).toBe(present);
    const spans = (await whyAgent(past, then, '1004'))?.spans;
    expect(spans?.find(({ verdict }) => verdict.code === 'lower-rank')).toMatchObject({ verdict: { by: 'key' }, version: 'earlier', line: 'queues.yaml:8' });
    expect(await whyContact(past, 'c-never-1', table.at)).toBeUndefined();
  });

  test('where it was not kept, that is said', async () => {
    const past = await pastOf(false);
    expect(offerIn(await whyContact(past, then, table.at))).toMatchObject({ event: { agent: '1001' }, recomputed: false, version: 'earlier', otherRules: true, line: 'queues.yaml:2' });
    expect(offerIn(await whyContact(past, now, table.at))).not.toHaveProperty('otherRules');
  });
});
