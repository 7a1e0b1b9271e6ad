// How a queue lets people in and out, by what they hear: full, nobody there, waited too long, withdrawn, closed
// by its hours; who has the old place, goes first, is served elsewhere or by one agent: by whose tone is heard.

import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EventOf, EventType } from '../../src/acd/messages.ts';
import type { ContactStory } from '../../src/store/contacts.ts';
import type { Desktop } from '../../runtime/desktop.ts';
import { findSound } from '../../runtime/likeness.ts';
import type { Phone } from '../../runtime/phone.ts';
import { toneSeconds } from '../../runtime/tone.ts';
import { until } from '../../runtime/until.ts';
import { decodeWav } from '../../runtime/wav.ts';
import { clockBeginsAt } from '../../torture/actors/fake-clock.ts';
import { startLiveCentre, type LiveCentre } from '../support/live-centre.ts';
import { quickConfig, straightIn } from '../support/quick-config.ts';
import { expectOneEnd, free, newNumber, watchCentre, type Watch } from '../support/watch.ts';

const numbers = { small: '4111', chain: '4112', staffed: '4113', daytime: '4114', direct: '4115' } as const;
/** Each sounds different, so that what is heard says who it was. */
const agents = { 1001: 1370, 1002: 1610, 1003: 1730, 1004: 2090 } as const;
const [oneCaller, otherCaller] = [1850, 1130];

/** Opening hours are whole minutes: the service's clock begins so long before one. Without such a clock it takes up to a minute more. */
const openForMs = 15_000;
const minuteMs = 60_000;
const closesAt = Math.ceil((Date.now() + openForMs) / minuteMs) * minuteMs;
/** It is past noon there, so that the day does not end meanwhile. */
const hoursWest = new Date(closesAt).getUTCHours() - 12;
const timeZone = `Etc/GMT${hoursWest < 0 ? '' : '+'}${hoursWest}`;
const closes = `12:${String(new Date(closesAt).getUTCMinutes()).padStart(2, '0')}`;

type Call = { readonly phone: Phone; readonly ani: string; readonly contact: string };
let centre: LiveCentre;
let watch: Watch;
let supervisor: Desktop;
let configDir: string;
let late: Call;

const queue = (rules: object): object => ({ name: { zh: '组', en: 'Queue' }, wrapUp: { time: '0s' }, sayAgentNumber: false, ...rules });
const into = (name: string, more = ''): string => `start: line\nnodes:\n  line: { queue: ${name}${more} }\n`;

beforeAll(async () => {
  configDir = await quickConfig({
    'centre.yaml': { timeZone, ...Object.fromEntries(Object.entries(numbers).map(([flow, number]) => [`numbers/${number}`, flow])) },
    'hours.yaml': { daytime: { week: { 'every-day': `00:00-${closes}` } } },
    'queues.yaml': {
      small: queue({ maxWaiting: 1, redial: '1m' }),
      staffed: queue({ empty: { joining: ['offline'], waiting: ['offline'] } }),
      daytime: queue({ hours: 'daytime', atClosing: 'leave' }),
      first: queue({ overflow: { after: '1s', to: 'second' } }),
      second: queue({ overflow: { after: '1s', to: 'third' } }),
      third: queue({ maxWait: '1s' }),
      'billing/needs': 'lang_zh', 'billing/wrapUp/time': '0s', 'billing/sayAgentNumber': false,
    },
    // 1005 is never ready. A desktop that is opened takes the place of the agent's last one, so who watches is another.
    'agents.yaml': { '2002': { name: { zh: '孙悦', en: 'Sun Yue' }, role: 'supervisor', team: 'first' }, '1001/queues': ['small'], '1002/queues': ['third'], '1003/queues': ['billing', 'faults', 'general'], '1005/queues': ['staffed', 'daytime', 'first', 'second'] },
  }, {
    small: into('small'), chain: `${into('first', ', waited: too-long')}  too-long: { hangup: true, say: goodbye }\n`,
    staffed: into('staffed'), daytime: into('daytime'), direct: into('billing', ', agent: 1004'),
  });
  const env = await clockBeginsAt(closesAt - openForMs);
  centre = await startLiveCentre({ configDir, service: env ? { env } : {} });
  [watch, supervisor] = [await watchCentre(centre, '2002'), await centre.desktop('2001')];
  late = await waits(numbers.daytime);
});
afterAll(async () => {
  await centre?.stop();
  await rm(configDir, { recursive: true, force: true });
});

async function dials(number: string, { tone = oneCaller, ani = newNumber() } = {}): Promise<{ phone: Phone; ani: string }> {
  const phone = await centre.caller(ani, { tone });
  await phone.dial(number);
  return { phone, ani };
}

async function waits(number: string, who: { tone?: number } = {}): Promise<Call> {
  const call = await dials(number, who);
  const { contact } = await watch.contact(call.ani, ({ status }) => status === 'waiting');
  await call.phone.waitFor('established');
  return { ...call, contact };
}

async function works(agent: keyof typeof agents): Promise<Desktop & { phone: Phone }> {
  const { phone, desktop } = await centre.readyAgent(String(agent), { tone: agents[agent], answer: 'auto' });
  return { ...desktop, phone };
}

const told = <T extends EventType>({ events }: ContactStory, type: T): EventOf<T>[] => events.flatMap(({ event }) => (event.type === type ? [event as EventOf<T>] : []));
const hearsTone = (phone: Phone, tone: number): Promise<true> =>
  until(async () => {
    // There is no whole file before the first sound.
    const wav = await phone.receivedWav().catch(() => undefined);
    return (wav !== undefined && toneSeconds(wav, 0, tone) > 0.3) || undefined;
  }, { limitMs: 10_000, what: `a tone of ${tone} Hz at ${phone.user}` });

/** The words, and then it is the switch that hangs up. */
async function isTold({ phone, ani }: Pick<Call, 'phone' | 'ani'>, name: string): Promise<ContactStory> {
  await phone.waitFor('closed', 30_000);
  const folder = join(centre.runtime.soundsDir, 'rexian/zh');
  // Sounds are kept by what they say: other words that a centre once had under this name may lie there too.
  const files = (await readdir(folder)).filter((one) => one.startsWith(`${name}-`) && one.endsWith('.wav'));
  const words = await Promise.all(files.map(async (file) => decodeWav(await readFile(join(folder, file)))));
  // The last of it is written a moment after the end.
  await until(async () => {
    const heard = await phone.receivedWav();
    return words.some((sound) => findSound(sound, heard).likeness > 0.75) || undefined;
  }, { limitMs: 3_000, everyMs: 300, what: `“${name}” at ${phone.user}` });
  const { contact } = await watch.contact(ani);
  const story = await centre.ended(contact);
  expectOneEnd(story, { reason: 'flow-ended', during: 'flow' });
  return story;
}

async function hangsUp({ phone, contact }: Pick<Call, 'phone' | 'contact'>, during: string): Promise<ContactStory> {
  await phone.hangUp();
  const story = await centre.ended(contact);
  expectOneEnd(story, { reason: 'caller-hung-up', during });
  return story;
}

test.concurrent('a full queue says so; who calls again has the old place, though it is full', async () => {
  const first = await waits(numbers.small);
  const tooMany = await isTold(await dials(numbers.small), 'queue-full');
  expect(told(tooMany, 'contact-turned-away').map(({ reason }) => reason)).toEqual(['full']);
  await hangsUp(first, 'queue');

  const second = await waits(numbers.small, { tone: otherCaller });
  await first.phone.dial(numbers.small);
  const again = await watch.contact(first.ani, ({ contact, status }) => contact !== first.contact && status === 'waiting');
  const agent = await works(1001);
  await watch.contact(first.ani, ({ status }) => status === 'connected');
  await Promise.all([hearsTone(first.phone, agents[1001]), hearsTone(agent.phone, oneCaller)]);
  expect(second.phone.pending('closed')).toBe(false);
  await hangsUp({ ...first, contact: again.contact }, 'talk');
  await hearsTone(second.phone, agents[1001]);
  await hangsUp(second, 'talk');
  await agent.command({ type: 'sign-out' });
}, 60_000);

test.concurrent('a supervisor puts one in front and takes the other out; a caller for one agent gets that one', async () => {
  const [one, other] = [await waits(straightIn), await waits(straightIn, { tone: otherCaller })];
  await supervisor.command({ type: 're-prioritise', contact: other.contact, priority: 20 });
  const agent = await works(1003);
  await Promise.all([hearsTone(agent.phone, otherCaller), hearsTone(other.phone, agents[1003])]);
  await supervisor.command({ type: 'withdraw', contact: one.contact, reason: 'wrong line' });
  expect(told(await isTold(one, 'sorry'), 'contact-left-queue').map(({ because, by, note }) => [because, by, note])).toEqual([['withdrawn', '2001', 'wrong line']]);
  await hangsUp(other, 'talk');
  await watch.agent('1003', free);

  const asked = await works(1004);
  await watch.agent('1004', free);
  const direct = await dials(numbers.direct);
  const { contact } = await watch.contact(direct.ani, ({ status }) => status === 'connected');
  await hearsTone(direct.phone, agents[1004]);
  const story = await hangsUp({ ...direct, contact }, 'talk');
  expect(story.offers.map((offer) => offer.agent)).toEqual(['1004']);
  for (const { command } of [agent, asked]) await command({ type: 'sign-out' });
}, 60_000);

test.concurrent('overflow leads through two queues to a third: nobody there for long enough, and an agent there', async () => {
  const unlucky = await dials(numbers.chain);
  const story = await isTold(unlucky, 'goodbye');
  const [agent, lucky] = await Promise.all([works(1002), waits(numbers.chain)]);
  expect(told(story, 'contact-left-queue').map(({ because, queue: left }) => [because, left])).toEqual([['waited', 'third']]);
  await hearsTone(lucky.phone, agents[1002]);
  await hearsTone(agent.phone, oneCaller);
  const served = await hangsUp(lucky, 'talk');
  for (const each of [story, served]) expect(told(each, 'contact-overflowed').map(({ from, queue: to }) => [from, to])).toEqual([['first', 'second'], ['second', 'third']]);
  await agent.command({ type: 'sign-out' });
}, 60_000);

test.concurrent('with nobody signed in who comes is told so, and who waits when the last one leaves', async () => {
  const early = await dials(numbers.staffed);
  expect(told(await isTold(early, 'no-agents'), 'contact-turned-away').map(({ reason }) => reason)).toEqual(['empty']);
  const only = await centre.desktop('1005');
  const stays = await waits(numbers.staffed);
  await only.command({ type: 'sign-out' });
  expect(told(await isTold(stays, 'no-agents'), 'contact-left-queue').map(({ because }) => because)).toEqual(['empty']);
}, 60_000);

test('closed by its hours: who waited hears it at the very minute, and so does who comes after', async () => {
  const lateNow = () => supervisor.heard.flatMap(({ message }) => (message.type === 'contact-changed' && message.contact.contact === late.contact ? [message.contact.status] : [])).at(-1);
  await until(() => lateNow() !== 'waiting' || undefined, { limitMs: 100_000, what: 'the end of the hours' });
  const comes = await dials(numbers.daytime);
  const [waited, turnedAway] = await Promise.all([isTold(late, 'queue-closed'), isTold(comes, 'queue-closed')]);
  const left = told(waited, 'contact-left-queue');
  expect(left.map(({ because, by }) => [because, by])).toEqual([['closed', undefined]]);
  expect((left[0]?.at ?? 0) - closesAt).toBeGreaterThanOrEqual(0);
  expect((left[0]?.at ?? 0) - closesAt).toBeLessThan(1_000);
  expect(told(turnedAway, 'contact-turned-away').map(({ reason }) => reason)).toEqual(['closed']);
  await watch.empty();
}, 120_000);
