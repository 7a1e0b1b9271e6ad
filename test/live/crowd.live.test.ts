// Twenty callers at once, five agents: menu, queue and talk. Nobody is lost, nobody is overtaken, nobody talks twice at once.

import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { EventOf, EventType } from '../../src/acd/messages.ts';
import type { ContactStory } from '../../src/store/contacts.ts';
import type { Desktop } from '../../runtime/desktop.ts';
import type { Phone } from '../../runtime/phone.ts';
import { until } from '../../runtime/until.ts';
import { startLiveCentre, type LiveCentre } from '../support/live-centre.ts';
import { quickConfig } from '../support/quick-config.ts';
import { expectOneEnd, expectRecordings, free, newNumber, watchCentre, type Watch } from '../support/watch.ts';

const agents = ['1001', '1002', '1003', '1004', '1005'] as const;
const size = 20;
const talkMs = 1_000;
let centre: LiveCentre;
let watch: Watch;
let configDir: string;

beforeAll(async () => {
  configDir = await quickConfig({
    'queues.yaml': { 'billing/needs': 'lang_zh' },
    'agents.yaml': Object.fromEntries(agents.map((agent) => [`${agent}/queues`, ['billing', 'general']])),
    // For those who press nothing.
    'flows/hotline.yaml': { 'nodes/menu/timeout/after': '1s', 'nodes/menu/timeout/tries': 1 },
  });
  centre = await startLiveCentre({ configDir });
  watch = await watchCentre(centre);
  for (const { desktop } of await Promise.all(agents.map((agent) => centre.readyAgent(agent, { answer: 'auto' })))) work(desktop);
  await Promise.all(agents.map((agent) => watch.agent(agent, free)));
}, 90_000);
afterEach(async () => {
  await Promise.all(agents.map((agent) => watch.agent(agent, free)));
  await watch.empty();
});
afterAll(async () => {
  await centre?.stop();
  await rm(configDir, { recursive: true, force: true });
});

/** An agent who talks for a second, hangs up, and is done with the wrap-up at once. */
function work(desktop: Desktop): void {
  let done = 0;
  const timer = setInterval(() => {
    for (const { message } of desktop.heard.slice(done)) {
      if (message.type !== 'my-state') continue;
      if (message.me.presence.status === 'talking' && message.me.call !== null) hangUpLater(message.me.presence.contact);
      // The wrap-up may be over by itself meanwhile, which is a refusal and no harm.
      if (message.me.presence.status === 'wrap-up') void desktop.command({ type: 'finish-wrap-up' }).catch(() => undefined);
    }
    done = desktop.heard.length;
  }, 10);
  timer.unref();
  const hungUp = new Set<string>();
  const hangUpLater = (contact: string): void => {
    if (hungUp.has(contact)) return;
    hungUp.add(contact);
    setTimeout(() => void desktop.command({ type: 'hang-up' }).catch(() => undefined), talkMs + 50).unref();
  };
}

async function storiesOf(dnis: string, from: number): Promise<ContactStory[]> {
  const found = await until(async () => {
    const all = (await centre.contacts.search({ from, limit: 100 })).filter((contact) => contact.dnis === dnis && contact.endedAt !== null);
    return all.length >= size ? all : undefined;
  }, { limitMs: 60_000, everyMs: 200, what: `${size} contacts ended in Postgres` });
  return Promise.all(found.map(({ contact }) => centre.ended(contact)));
}

const eventsOf = <Type extends EventType>(story: ContactStory, type: Type): EventOf<Type>[] =>
  story.events.flatMap(({ event }) => (event.type === type ? [event as EventOf<Type>] : []));

function expectGoodService(stories: readonly ContactStory[], queue: string): void {
  expect(stories).toHaveLength(size);
  for (const story of stories) {
    expectOneEnd(story, { reason: 'agent-hung-up', during: 'talk' });
    expect(story).toMatchObject({ queue, reason: 'agent-hung-up' });
    expect(story.connectedAt).not.toBeNull();
    expect(story.talkMs).toBeGreaterThanOrEqual(talkMs);
    expect(story.offers.map(({ outcome }) => outcome)).toEqual(['accepted']);
  }
  expectNoOverlap(stories);
  expectTheirOrder(stories);
}

/** From the ring to the end of the talk an agent belongs to one caller, and a caller to one agent. */
function expectNoOverlap(stories: readonly ContactStory[]): void {
  const spans = stories.flatMap((story) => eventsOf(story, 'offer-made').map(({ agent, at }) => ({ agent, contact: story.contact, from: at, to: story.endedAt ?? 0 })));
  for (const who of ['agent', 'contact'] as const) {
    for (const name of new Set(spans.map((span) => span[who]))) {
      const own = spans.filter((span) => span[who] === name).sort((a, b) => a.from - b.from);
      for (const [index, span] of own.entries()) expect(span.from, `${who} ${name}`).toBeGreaterThanOrEqual(own[index - 1]?.to ?? 0);
    }
  }
  expect(new Set(spans.map(({ agent }) => agent))).toEqual(new Set(agents));
}

/** At each offer, whoever was offered was first of those who waited just then. */
function expectTheirOrder(stories: readonly ContactStory[]): void {
  const all = stories.flatMap(({ events }) => events);
  const seq = (id: string): number => Number(id.split('-').at(-1));
  const waiting: { contact: string; priority: number; queuedAt: number }[] = [];
  let mostWaiting = 0;
  for (const { event } of all.sort((a, b) => seq(a.id) - seq(b.id))) {
    if (event.type === 'contact-queued') waiting.push(event);
    if (event.type !== 'offer-made') continue;
    mostWaiting = Math.max(mostWaiting, waiting.length);
    const first = waiting.sort((a, b) => b.priority - a.priority || a.queuedAt - b.queuedAt || (a.contact < b.contact ? -1 : 1)).shift();
    expect(event.contact).toBe(first?.contact);
  }
  // There was a line to be kept in order.
  expect(mostWaiting).toBeGreaterThan(agents.length);
}

test('twenty phones that press 1 (RFC 4733) in the menu', async () => {
  const from = Date.now();
  const numbers = Array.from({ length: size }, newNumber);
  const callers: Phone[] = [];
  for (const number of numbers) callers.push(await centre.caller(number));
  await Promise.all(callers.map(async (caller) => {
    await caller.dial('4000');
    await caller.waitFor('established');
    await watch.contact(caller.user, ({ node }) => node === 'hours', 30_000);
    await caller.sendKeys('1');
  }));
  await Promise.all(callers.map((caller) => caller.waitFor('closed', 60_000)));
  const stories = await storiesOf('4000', from);
  expect(stories.map(({ ani }) => ani).sort()).toEqual([...numbers].sort());
  expectGoodService(stories, 'billing');
  for (const story of stories) await expectRecordings(centre, story);
  await Promise.all(callers.map((caller) => caller.stop()));
}, 120_000);

// SIPp cannot press an RFC 4733 key without the right to raw sockets, so its callers wait the menu out.
test('twenty callers of SIPp that press nothing and end up with the operator', async () => {
  const from = Date.now();
  const run = await centre.sipp({ scenario: fileURLToPath(new URL('sipp/patient-caller.xml', import.meta.url)), number: '4000', calls: size, callsPerSecond: size, limitSeconds: 60 });
  expect(await run.outcome).toMatchObject({ successful: size, failed: 0, exitCode: 0 });
  const stories = await storiesOf('4000', from);
  expectGoodService(stories, 'general');
}, 90_000);
