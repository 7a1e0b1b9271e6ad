// A caller whom nobody may serve waits; files are changed and taken live, and the phone of an agent who may now rings.

import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseDocument } from 'yaml';
import { until } from '../../runtime/until.ts';
import { startLiveCentre, type LiveCentre } from '../support/live-centre.ts';
import { quickConfig, straightIn } from '../support/quick-config.ts';
import { free, is, newNumber, watchCentre, type Watch } from '../support/watch.ts';

let centre: LiveCentre;
let watch: Watch;
let configDir: string;
let phonesWritten: Promise<void> | undefined;

beforeAll(async () => {
  configDir = await quickConfig({ 'agents.yaml': { '1003/queues': ['billing', 'faults', 'general'] } });
  centre = await startLiveCentre({ configDir, service: { onConfigured: (agents) => (phonesWritten = centre.runtime.setAgents(agents)) } });
  watch = await watchCentre(centre);
}, 90_000);
afterAll(async () => {
  await centre?.stop();
  await rm(configDir, { recursive: true, force: true });
});

async function change(name: string, path: readonly (string | number)[], value: unknown): Promise<void> {
  const file = join(configDir, name);
  const document = parseDocument(await readFile(file, 'utf8'));
  document.setIn(path, value);
  await writeFile(file, String(document));
}

test('a caller who waits is connected by the new needs, and a new agent works at once', async () => {
  await centre.readyAgent('1003', { answer: 'auto' });
  await watch.agent('1003', free);
  const ani = newNumber();
  await (await centre.caller(ani)).dial(straightIn);
  const waiting = await watch.contact(ani, ({ status }) => status === 'waiting');

  await change('queues.yaml', ['billing', 'needs'], 'lang_zhh');
  expect(await centre.service.reload()).toMatchObject({ ok: false, problems: [{ file: 'queues.yaml', code: 'unknown-skill' }] });
  await change('queues.yaml', ['billing', 'needs'], 'lang_zh');
  await change('agents.yaml', [1009], { name: { zh: '新人', en: 'Newcomer' }, queues: ['billing'], skills: { lang_zh: 3 } });
  expect(await centre.service.reload()).toMatchObject({ ok: true, changed: true });
  const connected = await watch.contact(ani, ({ status }) => status === 'connected');
  expect(connected).toMatchObject({ contact: waiting.contact, queuedAt: waiting.queuedAt, agent: '1003' });

  const next = newNumber();
  await (await centre.caller(next)).dial(straightIn);
  await phonesWritten;
  await centre.agentPhone('1009', { answer: 'auto' });
  const desktop = await centre.desktop('1009');
  await desktop.command({ type: 'sign-in' });
  await desktop.command({ type: 'make-ready' });
  await watch.agent('1009', is('talking'));
  expect(await watch.contact(next, ({ status }) => status === 'connected')).toMatchObject({ agent: '1009' });
  // Both versions are kept, for the past to be told by.
  const kept = await until(async () => {
    const rows = await centre.db.selectFrom('configuration').select('version').execute();
    return rows.length > 1 ? rows.map(({ version }) => version) : undefined;
  }, { limitMs: 5_000, what: 'both configurations in Postgres' });
  expect(kept).toContain(centre.config.version);
  const supervisor = await centre.desktop('2001');
  const { queued, offered } = await until(async () => {
    const { decisions } = (await supervisor.get(`/api/contacts/${waiting.contact}/why`)) as { decisions: { event: { type: string }; version: string; otherRules?: true; recomputed?: boolean; line?: string }[] };
    const [first, last] = ['contact-queued', 'offer-made'].map((type) => decisions.find(({ event }) => event.type === type));
    return first && last ? { queued: first, offered: last } : undefined;
  }, { limitMs: 10_000, what: 'both decisions told over HTTP' });
  // Who waited under the one was offered under the other.
  expect(queued).toMatchObject({ version: centre.config.version });
  expect(offered).toMatchObject({ recomputed: true, line: expect.stringContaining('queues.yaml:') });
  expect(offered.version).not.toBe(queued.version);
  expect([queued.otherRules, offered.otherRules]).toEqual([undefined, undefined]);
});
