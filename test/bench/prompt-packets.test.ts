import { expect, test } from 'vitest';
import { promptDelaysMs } from '../../bench/prompt-packets.ts';
import type { Packet } from '../../stage/pcap.ts';
import type { SipMessage } from '../../stage/sip-message.ts';

const silence = Buffer.alloc(160, 0xd5);
/** One piece of silence, then sound. */
const audio = Buffer.concat([silence, ...[1, 2, 3].map((tone) => Buffer.from(Array.from({ length: 160 }, (_, index) => (index * 7 + tone * 31) % 251)))]);
const at = { host: '127.0.0.1', port: 40_000 };
const rtp = (atUs: number, payload: Buffer, port = 40_000): Packet =>
  ({ atUs, protocol: 'udp', from: { host: '127.0.0.1', port: 10_000 }, to: { ...at, port }, payload: Buffer.concat([Buffer.from([0x80, 8]), Buffer.alloc(10), payload]) });
const sip = (atUs: number, more: Partial<SipMessage>): SipMessage =>
  ({ atUs, method: 'INVITE', callId: 'a', from: { port: 7_000 }, to: { port: 5_060 }, inDialog: false, text: 'm=audio 40000 RTP/AVP 8\r\n', ...more });
const answered = [sip(0, {}), sip(1_000, { status: 200, from: { port: 5_060 }, to: { port: 7_000 } })];
const part = (index: number): Buffer => audio.subarray(index * 160, (index + 1) * 160);
const delays = (packets: readonly Packet[]) => promptDelaysMs({ messages: answered, packets, asteriskPort: 5_060, audio });

test('the prompt begins with its own first packet, silent or not', () => {
  expect(delays([rtp(3_000, part(0)), rtp(23_000, part(1)), rtp(43_000, part(2))])).toEqual([2]);
});

test('silence before it, another sound and another caller are not the prompt', () => {
  const other = Buffer.alloc(160, 0x21);
  expect(delays([rtp(2_000, other), rtp(5_000, part(1), 40_004), rtp(9_000, part(1)), rtp(29_000, part(2))])).toEqual([8]);
  expect(delays([rtp(2_000, other), rtp(3_000, silence)])).toEqual([]);
});
