// Every order, with every value in it replaced by what a stranger might put there: nothing of it may be sent.

import { describe, expect, test } from 'vitest';
import { agentId, bridgeId, contactId, legId, playId, recordingId } from '../../src/base/ids.ts';
import { connectAmi } from '../../src/telephony/ami.ts';
import { addressOf } from '../../src/telephony/ari/connection.ts';
import { guarded, isSafe } from '../../src/telephony/ari/safe-request.ts';
import { newLeg } from '../../src/telephony/legs.ts';
import { callsFor, type OrderContext } from '../../src/telephony/orders.ts';
import type { Order } from '../../src/telephony/port.ts';
import { readTicket } from '../../src/telephony/ticket.ts';
import { lineOf, UnsafeValue } from '../../src/telephony/values.ts';
import { makeLog } from '../../src/base/log.ts';
import { carries, hostile, mark } from './support/hostile.ts';
import { everyOrder, everyPlace, replaced } from './support/every-order.ts';
import { judged, saidOverAmi } from './support/transcript.ts';

const context = (): OrderContext => ({
  app: 'rexian', legs: new Map([[legId('rexian-1700000000.1'), newLeg('caller', { name: 'PJSIP/callers-00000000' })], [legId('rx-a-c-1-1'), newLeg('agent', { name: 'PJSIP/1001-00000001' })]]),
  resolve: (media) => (media.say === 'prompt' ? [media.name] : media.say === 'agent-number' ? [`agents/${media.agent}`] : [...String(media.say === 'number' ? media.number : media.digits)].map((digit) => `digits/${digit}`)),
  soundsDir: '/srv/sounds', recordingsDir: '/srv/recordings', amiUp: () => true,
});

/** As the connections would send them. */
function sent(order: Order, more: Partial<OrderContext> = {}): { lines: string[]; faults: string[] } {
  const said = callsFor(order, { ...context(), ...more }).flatMap((call) => {
    if (call.via === 'ari') return [judged(`${call.request.method} ${addressOf(call.request)}`)];
    const text = Object.entries(call.action).map(([name, value]) => `${name}: ${value}`).join('\r\n');
    return [...saidOverAmi(Buffer.from(`${text}\r\n\r\n`)), ...(call.orElse ? [judged(`${call.orElse.method} ${addressOf(call.orElse)}`)] : [])];
  });
  return { lines: said.map(({ line }) => line), faults: said.flatMap(({ fault }) => fault ?? []) };
}

describe.each(everyOrder)('$type', (order) => {
  test('as we give it is within the grammar', () => {
    const { lines, faults } = sent(order);
    expect(faults).toEqual([]);
    expect(lines.length).toBeGreaterThan(0);
  });

  test.each(everyPlace(order))('with a stranger’s value at %s is not sent', (place) => {
    const through: string[] = [];
    for (const value of hostile) {
      try {
        const { lines, faults } = sent(replaced(order, place, value));
        // Who calls is shown to the agent, letters and all; nothing of it can mean anything in its place.
        if (faults.length > 0 || (place !== 'caller' && place !== 'contact' && lines.some(carries))) through.push(`${JSON.stringify(value).slice(0, 80)} → ${lines.join(' ').slice(0, 200)}`);
      } catch (error) {
        if (!(error instanceof UnsafeValue)) through.push(`${JSON.stringify(value).slice(0, 80)} threw ${String(error)}`);
      }
    }
    expect(through).toEqual([]);
  });
});

test('a sound name that the prompts made up, or a folder of the settings, is looked at too', () => {
  const play = everyOrder.find(({ type }) => type === 'play') ?? expect.fail('none');
  for (const value of hostile) expect(() => sent(play, { resolve: () => [value] }), JSON.stringify(value).slice(0, 80)).toThrow(UnsafeValue);
  for (const value of hostile.filter((one) => !/^\/etc\/EV1L$/.test(one))) {
    expect(() => sent(play, { soundsDir: value }), JSON.stringify(value).slice(0, 80)).toThrow(UnsafeValue);
    expect(() => sent({ type: 'start-recording', recording: recordingId('r-1'), leg: legId('rexian-1700000000.1') }, { recordingsDir: value }), value).toThrow(UnsafeValue);
  }
});

test('a channel’s name from Asterisk goes back only in its own shape', () => {
  const leg = legId('rx-a-c-1-1');
  for (const name of [...hostile, 'PJSIP/1001-0000001g', 'Local/1001@hotline-00000001;1', 'PJSIP/10 01-00000001']) {
    expect(() => sent({ type: 'answer-phone', leg, agent: agentId('1001') }, { legs: new Map([[leg, newLeg('agent', { name })]]) }), name.slice(0, 80)).toThrow(UnsafeValue);
  }
});

test('a ticket that another program wrote on a channel is none', () => {
  const good = { contact: 'c-rexian-1700000000-1', arrivedAt: 1, language: 'zh', queue: 'billing', queuedAt: 2, priority: 3 };
  expect(readTicket(JSON.stringify(good))).toEqual(good);
  for (const field of ['contact', 'queue', 'language']) for (const value of hostile) expect(readTicket(JSON.stringify({ ...good, [field]: value })), value.slice(0, 80)).toBeUndefined();
  const talk = { agent: '1001', leg: 'rx-a-c-1-1', bridge: 'rx-b-c-1-1', connectedAt: 4, recording: { id: 'rx-r-c-1-1', paused: false } };
  expect(readTicket(JSON.stringify({ ...good, talk }))).toEqual({ ...good, talk });
  for (const field of ['agent', 'leg', 'bridge']) for (const value of hostile) expect(readTicket(JSON.stringify({ ...good, talk: { ...talk, [field]: value } })), value.slice(0, 80)).toBeUndefined();
  for (const value of hostile) expect(readTicket(JSON.stringify({ ...good, talk: { ...talk, recording: { id: value, paused: false } } })), value.slice(0, 80)).toBeUndefined();
  expect(readTicket('['.repeat(100_000))).toBeUndefined();
  expect(readTicket(JSON.stringify({ ...good, __proto__: { queue: 'x' } }))).toEqual(good);
});

describe('the last look', () => {
  test.each(['..', '.', '', '..%2f', 'a/b', 'a\\b', 'a\0', 'a b', 'a%2e', 'a..b', '-a', '工', 'a\n', 'x'.repeat(129)])('lets no request go with %j in its path', async (step) => {
    expect(isSafe({ path: ['channels', step] })).toBe(false);
    const asked: unknown[] = [];
    const ari = guarded({ request: (request) => (asked.push(request), Promise.resolve({ answered: true, status: 200, body: {} })), connected: () => true, start: () => Promise.resolve(), stop: () => Promise.resolve() });
    expect(await ari.request({ method: 'DELETE', path: ['channels', step] })).toMatchObject({ answered: true, status: 400 });
    expect(asked).toEqual([]);
  });

  test.each([`\${SHELL(touch /tmp/${mark})}`, '$[1+1]', 'a\r\nb', 'a\0', '\u007f'])('nor with %j in its query', (value) => {
    expect(isSafe({ path: ['channels'], query: { x: value } })).toBe(false);
    expect(() => lineOf(value)).toThrow(UnsafeValue);
  });

  test('lets go what Asterisk calls its channels', () => {
    for (const id of ['1700000000.12', 'rexian-1700000000.12', 'rx-a-c-rexian-1700000000-12-1']) expect(isSafe({ path: ['channels', id, 'variable'], query: { variable: 'TIMEOUT(absolute)', value: '0' } })).toBe(true);
  });

  test('AMI answers as refused what may not be sent, in its names too, and is not even connected for it', async () => {
    const ami = connectAmi({ ami: { host: '127.0.0.1', port: 1, user: 'x', password: 'y' }, log: makeLog('silent') });
    for (const fields of [{ Action: 'Ping\r\nAction: Command' }, { Action: 'Ping', 'X\r\nY': 'z' }, { Action: 'Setvar', Value: '${SHELL(id)}' }, { Action: 'Setvar', Value: '话'.repeat(400) }]) {
      expect(await ami.action(fields)).toMatchObject({ answered: true, ok: false, message: expect.stringContaining('not sent') });
    }
    await ami.stop();
  });
});

test('the grammar finds what it is for', () => {
  // Each of these is one of ours with one thing wrong: if the grammar let it pass, the tests above would prove nothing.
  for (const line of [
    'DELETE channels/..%2f..%2fasterisk%2fmodules', 'POST channels/1700000000.1/play?media=sound%3Ahttp%3A%2F%2Fevil.example%2Fx&playbackId=p', 'POST channels/1700000000.1/play?media=sound%3A%2Fsrv%2F..%2F..%2Fetc%2Fpasswd&playbackId=p',
    'POST channels/rx-a-1?endpoint=PJSIP%2F1001%26PJSIP%2F1002&app=rexian', 'POST channels/rx-a-1?endpoint=PJSIP%2F1001%2CLocal%2Fx&app=rexian', 'POST channels/1?variable=SHELL(id)', 'POST channels/1/variable?variable=REXIAN_TICKET&value=%24%7BSHELL(id)%7D',
    'GET asterisk/modules', 'POST channels/1700000000.1/moh?mohClass=a&mohClass=b',
  ]) expect(judged(line).fault, line).toBeDefined();
  for (const action of ['Action: Command\r\nCommand: core stop now', 'Action: Setvar\r\nChannel: 1.1\r\nVariable: SHELL(id)\r\nValue: 0', 'Action: MixMonitor\r\nChannel: 1.1\r\nFile: /srv/x.raw,D,rm -rf\r\nOptions: D', 'Action: Ping\r\nAction: Command', 'Action: Ping\r\nhello']) {
    expect(saidOverAmi(Buffer.from(`${action}\r\n\r\n`))[0]?.fault, action).toBeDefined();
  }
});

/** So that a type of order that is added is missed here and not in production. */
test('every type of order is among those tried', () => {
  const types: Record<Order['type'], true> = {
    claim: true, answer: true, play: true, 'stop-play': true, 'start-music': true, 'stop-music': true, ring: true, 'answer-phone': true, connect: true, dissolve: true, 'hang-up': true,
    'start-recording': true, 'pause-recording': true, 'resume-recording': true, 'stop-recording': true, 'write-ticket': true,
  };
  expect([...new Set(everyOrder.map(({ type }) => type))].sort()).toEqual(Object.keys(types).sort());
  // The ids below are what the table above is made of.
  expect([bridgeId('b'), contactId('c'), playId('p')]).toEqual(['b', 'c', 'p']);
});
