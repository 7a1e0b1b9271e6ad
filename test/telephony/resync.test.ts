import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { agentId, contactId, legId, playId } from '../../src/base/ids.ts';
import type { AmiEvent } from '../../src/telephony/ami.ts';
import type { AriAnswer, AriRequest } from '../../src/telephony/ari/connection.ts';
import { disconnected } from '../../src/telephony/ari/connection.ts';
import { deviceIn } from '../../src/telephony/devices.ts';
import { agentLeg, bridgeOf, recordingOf } from '../../src/telephony/ids.ts';
import { newLeg } from '../../src/telephony/legs.ts';
import { keepMemory, lookAround } from '../../src/telephony/resync.ts';
import { readTicket, writeTicket } from '../../src/telephony/ticket.ts';

type Recorded = Readonly<Record<'info' | 'channels' | 'bridges' | 'ticket' | 'mixmonitor' | 'unset', AriAnswer>> & { readonly devices: readonly AmiEvent[] };
const recorded = JSON.parse(readFileSync(new URL('recorded/answers.json', import.meta.url), 'utf8')) as Recorded;
const caller = legId('rexian-1795372061.0');
const agent = legId('rx-a-c-rexian-1795372061-0-1');

/** An Asterisk that answers what the real one answered. */
function asRecorded(change: (request: AriRequest) => AriAnswer | undefined = () => undefined) {
  return {
    request: async (request: AriRequest): Promise<AriAnswer> => {
      const changed = change(request);
      if (changed !== undefined) return changed;
      const [what, , detail] = request.path;
      if (what === 'asterisk') return recorded.info;
      if (what === 'bridges') return recorded.bridges;
      if (detail === 'subscription') return { answered: true, status: 200, body: {} };
      if (detail === 'variable') return request.query?.['variable'] === 'REXIAN_TICKET' ? recorded.ticket : recorded.mixmonitor;
      return recorded.channels;
    },
  };
}

test('sees legs, tickets, bridges and the recording that runs', async () => {
  const sight = await lookAround(asRecorded(), 'rexian');
  expect(sight?.seen).toEqual([
    expect.objectContaining({ leg: caller, role: 'caller', state: 'up', ani: '13912345678', dnis: '4000', ticket: { contact: 'c-rexian-1795372061-0', arrivedAt: 1, language: 'zh' } }),
    expect.objectContaining({ leg: agent, role: 'agent', state: 'up' }),
  ]);
  expect(sight?.bridges).toEqual([{ bridge: 'rx-b-c-rexian-1795372061-0-1', legs: expect.arrayContaining([caller, agent]) as unknown }]);
  expect(sight?.legs.get(caller)).toMatchObject({ up: true, recording: 'rx-r-c-rexian-1795372061-0-1' });
  expect(sight?.startedAt).toBeGreaterThan(1_700_000_000_000);
});

test('a caller who is still in the dialplan, or belongs to another application, has not come to us', async () => {
  expect((await lookAround(asRecorded(), 'another'))?.seen.map(({ leg }) => leg)).toEqual([agent]);
});

test('a channel without ticket is seen without one', async () => {
  const sight = await lookAround(asRecorded(({ path }) => (path[2] === 'variable' ? recorded.unset : undefined)), 'rexian');
  expect(sight?.seen[0]).not.toHaveProperty('ticket');
});

test('a leg that goes while we look is left out; a connection that goes ends the look', async () => {
  const goes = (answer: AriAnswer) => asRecorded(({ path, query }) => (path[2] === 'subscription' && query?.['eventSource'] === `channel:${caller}` ? answer : undefined));
  expect((await lookAround(goes({ answered: true, status: 404, body: {} }), 'rexian'))?.seen.map(({ leg }) => leg)).toEqual([agent]);
  expect(await lookAround(goes(disconnected), 'rexian')).toBeUndefined();
});

test('what only we knew of a leg outlives a reconnect', () => {
  const before = newLeg('caller', { up: true });
  before.plays.set(playId('rx-p-1'), { stopped: false });
  before.music = 'default';
  const after = newLeg('caller', { up: true });
  keepMemory(new Map([[caller, before]]), new Map([[caller, after]]));
  expect(after).toMatchObject({ music: 'default' });
  expect([...after.plays.keys()]).toEqual(['rx-p-1']);
});

test('a ticket comes back as it was written, and rubbish comes back as none', () => {
  const ticket = { contact: readTicket('{"contact":"c-1","arrivedAt":1,"language":"en"}')?.contact ?? expect.fail('unreadable'), arrivedAt: 5, language: 'zh' as const, queue: 'billing', queuedAt: 6, priority: -1 };
  expect(readTicket(writeTicket(ticket))).toEqual(ticket);
  const [contact, leg] = [ticket.contact, agentLeg(ticket.contact, 3)];
  const whole = { ...ticket, n: 12, enteredAt: 7, talk: { agent: agentId('1001'), leg, bridge: bridgeOf(contact, 3), connectedAt: 8, recording: { id: recordingOf(contact, '3-9'), paused: true } } };
  expect(readTicket(writeTicket(whole))).toEqual(whole);
  expect(Buffer.byteLength(writeTicket({ ...whole, contact: contactId(`c-${'x'.repeat(40)}`) }))).toBeLessThan(900);
  // What the contact asks for itself goes with it, as far as one line of AMI holds it; the place always does.
  const level = (skill: string, atLeast: number) => ({ text: `${skill} >= ${atLeast} && !trainee`, tree: { type: 'all', of: [{ type: 'level', skill, is: '>=', level: atLeast }, { type: 'not', of: { type: 'level', skill: 'trainee', is: '>=', level: 1 } }] } }) as const;
  const asking = { ...ticket, asks: [{ afterMs: 0, needs: level('vip', 3) }, { afterMs: 15_000, needs: level('vip', 1) }], seat: { like: { id: contactId('c-rx1-1'), queuedAt: 3, priority: 2, tier: 'vip' as const }, at: -1.5 } };
  expect(readTicket(writeTicket(asking))).toEqual(asking);
  const { asks: _, ...place } = asking;
  expect(readTicket(writeTicket({ ...asking, asks: [{ afterMs: 0, needs: level('x'.repeat(900), 1) }] }))).toEqual(place);
  expect(readTicket(JSON.stringify({ ...place, asks: [[0, 'vip >= '], [1, 'vip']] }))).toEqual(place);
  expect(readTicket(JSON.stringify({ ...ticket, seat: { at: 'first' }, asks: 'everything' }))).toEqual(ticket);
  for (const rubbish of ['', '{', 'null', '[]', '{"contact":"c-1"}', '{"contact":"c-1","arrivedAt":"x","language":"zh"}']) expect(readTicket(rubbish)).toBeUndefined();
});

test('device states of agents’ phones, and of no other', () => {
  const agents = new Set(['1001', '1002']);
  expect(recorded.devices.flatMap((item) => deviceIn(item, agents) ?? [])).toEqual([
    { agent: agentId('1001'), device: 'in-call' }, { agent: agentId('1002'), device: 'unreachable' },
  ]);
});
