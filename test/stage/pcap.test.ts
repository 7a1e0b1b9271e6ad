import { expect, test } from 'vitest';
import { packetsIn } from '../../stage/pcap.ts';
import { sipMessagesIn } from '../../stage/sip-message.ts';

const invite = (branch: string): string => `INVITE sip:3001@127.0.0.1:5555;x-ast=1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:5060;branch=${branch}\r\nFrom: <sip:138@127.0.0.1>;tag=a\r\nTo: <sip:3001@127.0.0.1>\r\nCall-ID: one\r\nCSeq: 7 INVITE\r\n\r\n`;
const ringing = 'SIP/2.0 180 Ringing\r\nVia: SIP/2.0/UDP 127.0.0.1:5060;branch=z1\r\nTo: <sip:3001@127.0.0.1>;tag=b\r\nCall-ID: one\r\nCSeq: 7 INVITE\r\n\r\n';

function frame(protocol: 17 | 6, from: number, to: number, payload: string, padding = 0): Buffer {
  const head = Buffer.alloc(protocol === 17 ? 8 : 24);
  head.writeUInt16BE(from, 0);
  head.writeUInt16BE(to, 2);
  // TCP with one word of options.
  if (protocol === 6) head.writeUInt8(6 << 4, 12);
  const body = Buffer.concat([head, Buffer.from(payload)]);
  const ip = Buffer.alloc(20);
  ip.writeUInt8(0x45, 0);
  ip.writeUInt16BE(20 + body.length, 2);
  ip.writeUInt8(protocol, 9);
  ip.set([127, 0, 0, 1, 127, 0, 0, 2], 12);
  const ethernet = Buffer.alloc(14);
  ethernet.writeUInt16BE(0x0800, 12);
  return Buffer.concat([ethernet, ip, body, Buffer.alloc(padding)]);
}

function capture(magic: number, records: readonly (readonly [seconds: number, part: number, frame: Buffer])[]): Buffer {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(magic, 0);
  header.writeUInt32LE(1, 20);
  return Buffer.concat([header, ...records.flatMap(([seconds, part, data]) => {
    const head = Buffer.alloc(16);
    [seconds, part, data.length, data.length].forEach((value, index) => head.writeUInt32LE(value, index * 4));
    return [head, data];
  })]);
}

test('a capture gives its packets with their times, addresses and payloads, without padding and options', () => {
  const file = capture(0xa1b2c3d4, [[10, 250, frame(17, 5060, 5555, 'voice', 6)], [10, 900, frame(6, 8000, 9000, 'text')]]);
  expect([...packetsIn(file)].map((packet) => ({ ...packet, payload: String(packet.payload) }))).toEqual([
    { atUs: 10_000_250, protocol: 'udp', from: { host: '127.0.0.1', port: 5060 }, to: { host: '127.0.0.2', port: 5555 }, payload: 'voice' },
    { atUs: 10_000_900, protocol: 'tcp', from: { host: '127.0.0.1', port: 8000 }, to: { host: '127.0.0.2', port: 9000 }, payload: 'text' },
  ]);
});

test('nanoseconds are told in microseconds, and a record cut off at the end is left out', () => {
  const file = capture(0xa1b23c4d, [[1, 2_000_500, frame(17, 1, 2, 'a')], [2, 0, frame(17, 1, 2, 'b')]]);
  expect([...packetsIn(file.subarray(0, file.length - 1))].map(({ atUs }) => atUs)).toEqual([1_002_000]);
});

test('what is not a capture is refused', () => {
  expect(() => [...packetsIn(Buffer.alloc(10))]).toThrow('too short');
  expect(() => [...packetsIn(Buffer.alloc(40))]).toThrow('magic number');
});

test('SIP is read from the packets, once where it was sent twice', () => {
  const file = capture(0xa1b2c3d4, [
    [1, 0, frame(17, 5060, 5555, invite('z1'))],
    [1, 100, frame(17, 7000, 7002, '\x80\x08voice')],
    [1, 500, frame(17, 5060, 5555, invite('z1'))],
    [1, 900, frame(17, 5555, 5060, ringing)],
  ]);
  const messages = sipMessagesIn(packetsIn(file)).map(({ text: _, ...message }) => message);
  expect(messages).toEqual([
    { atUs: 1_000_000, from: { host: '127.0.0.1', port: 5060 }, to: { host: '127.0.0.2', port: 5555 }, method: 'INVITE', user: '3001', callId: 'one', inDialog: false },
    { atUs: 1_000_900, from: { host: '127.0.0.1', port: 5555 }, to: { host: '127.0.0.2', port: 5060 }, method: 'INVITE', status: 180, callId: 'one', inDialog: true },
  ]);
});
