import { expect, test } from 'vitest';
import type { Packet } from '../../stage/pcap.ts';
import type { SipMessage } from '../../stage/sip-message.ts';
import { phasesOf, spanOf } from '../../torture/flood-figures.ts';

const [asteriskPort, phonesPort, usualPort, floodPort] = [5060, 6000, 7000, 8000];
const [line, announcement] = ['5000', '5100'];
const audio = Buffer.from(Array.from({ length: 480 }, (_, index) => (index * 7) % 251));

const message = (atS: number, from: number, to: number, more: Pick<SipMessage, 'method' | 'callId'> & Partial<SipMessage>): SipMessage =>
  ({ atUs: atS * 1e6, from: { port: from }, to: { port: to }, inDialog: more.status !== undefined || more.method === 'BYE', text: '', ...more });
const call = (atS: number, callId: string, user: string, from: number, mediaPort = 0): SipMessage[] => [
  message(atS, from, asteriskPort, { method: 'INVITE', callId, user, text: `m=audio ${mediaPort} RTP/AVP 8\r\n` }),
  message(atS, asteriskPort, from, { method: 'INVITE', callId, status: 200 }),
];
const talk = (atS: number, callId: string, agent: string, endS: number): SipMessage[] => [
  message(atS, asteriskPort, phonesPort, { method: 'INVITE', callId, user: agent }),
  message(endS, phonesPort, asteriskPort, { method: 'BYE', callId }),
];
const spoken = (atS: number, port: number): Packet => ({
  atUs: atS * 1e6, protocol: 'udp', from: { host: '127.0.0.1', port: 10_000 }, to: { host: '127.0.0.1', port }, payload: Buffer.concat([Buffer.from([0x80, 8]), Buffer.alloc(10), audio.subarray(0, 160)]),
});

/** One agent with four callers in line, one listener before the flood and one in it, whom the flood brought. */
const messages = [
  ...['a', 'b', 'c', 'd'].flatMap((callId) => call(0, callId, line, usualPort)),
  ...talk(1, 'w', '1', 2), ...talk(2.25, 'x', '1', 11), ...talk(11.5, 'y', '1', 19), ...talk(19.125, 'z', '1', 30),
  ...call(3, 'e', announcement, usualPort, 40_000),
  ...call(10, 'f', announcement, floodPort, 40_002),
  message(15, floodPort, asteriskPort, { method: 'INVITE', callId: 'g', user: announcement }),
  message(15, asteriskPort, floodPort, { method: 'INVITE', callId: 'g', status: 503 }),
].toSorted((one, other) => one.atUs - other.atUs);
const observed = { messages, packets: [spoken(3.5, 40_000), spoken(10.25, 40_002)], asteriskPort, phonesPort, floodPort, agents: 1, line, announcement, audio };

test('a flood lasts from its first call to its last, let in or not', () => {
  expect(spanOf(observed)).toEqual({ fromUs: 10e6, toUs: 15e6 });
});

test('each figure belongs to the time in which it began: before the flood, during it, or neither', () => {
  expect(phasesOf(observed)).toEqual({
    before: { gapsMs: [250], promptsMs: [500], listeners: 1 },
    during: { gapsMs: [500], promptsMs: [250], listeners: 1 },
  });
});

test('who was let in and heard nothing is counted, and has no figure', () => {
  expect(phasesOf({ ...observed, packets: [] }).during).toMatchObject({ promptsMs: [], listeners: 1 });
});
