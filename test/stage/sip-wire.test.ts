import type { RemoteInfo, Socket } from 'node:dgram';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { until } from '../../runtime/until.ts';
import { openUdp, placeOf } from '../../stage/media-wire.ts';
import { audioIn, type Place } from '../../stage/sdp.ts';
import { startSipWire, type SipWire } from '../../stage/sip-wire.ts';
import { patientMs } from '../support/patient.ts';

interface End extends Place {
  readonly heard: { readonly text: string; readonly from: Place }[];
  say(text: string, to: Place): void;
  /** The newest that it heard, once it has heard so many. */
  hears(count?: number): Promise<{ readonly text: string; readonly from: Place }>;
}

const sockets: Socket[] = [];
let asterisk: End;
let phone: End;
let wire: SipWire;

beforeEach(async () => {
  asterisk = await end();
  phone = await end();
  wire = await startSipWire({ to: asterisk });
});
afterEach(async () => {
  await wire.stop();
  for (const socket of sockets.splice(0)) socket.close();
});

test('a call goes through: Asterisk sees a port of the wire for each phone, and the phone is led back to the wire', async () => {
  const other = await end();
  phone.say(request('INVITE'), wire);
  const first = await asterisk.hears();
  other.say(request('INVITE', 'two'), wire);
  const second = await asterisk.hears(2);
  expect(first.text).toBe(request('INVITE'));
  expect(new Set([first.from.port, second.from.port, wire.port]).size).toBe(3);
  asterisk.say(answer('200 OK', 'INVITE', [`Contact: <sip:5000@127.0.0.1:${asterisk.port}>`]), first.from);
  const answered = await phone.hears();
  expect(answered.from.port).toBe(wire.port);
  expect(answered.text).toContain(`Contact: <sip:5000@127.0.0.1:${wire.port}>`);
  expect(other.heard).toEqual([]);
});

test('voices go through ports of the wire in both directions, RTCP beside them', async () => {
  const { phoneHears, asteriskHears } = await talk();
  expect(asteriskHears.port).not.toBe(phone.port);
  expect(phoneHears.port).not.toBe(asterisk.port);
  const [theirs, ours] = [await end(), await end()];
  theirs.say('from Asterisk', asteriskHears);
  expect((await phone.hears(2)).text).toBe('from Asterisk');
  ours.say('from the phone', phoneHears);
  const heard = await asterisk.hears(2);
  // Symmetric: it comes from where Asterisk sends to.
  expect([heard.text, heard.from]).toEqual(['from the phone', asteriskHears]);
});

test('a message that is sent again finds the same ports', async () => {
  phone.say(offer('INVITE'), wire);
  phone.say(offer('INVITE'), wire);
  await asterisk.hears(2);
  expect(asterisk.heard[0]?.text).toBe(asterisk.heard[1]?.text);
});

test('the ports of a call that is over are given back', async () => {
  const { asteriskHears } = await talk();
  asterisk.say(answer('200 OK', 'BYE'), asterisk.heard[0]?.from ?? wire);
  await phone.hears(2);
  await until(async () => {
    const taken = await openUdp(asteriskHears.port).catch(() => undefined);
    taken?.close();
    return taken;
  }, { limitMs: patientMs, what: 'the port is free' });
});

test('all that is lost is lost in its way only, and is counted', async () => {
  wire.lossy({ seed: 1, lost: 1, twice: 0, lateMs: 0 });
  phone.say(request('INVITE'), wire);
  await until(() => (wire.tally('to-asterisk').sip.lost === 1 ? true : undefined), { limitMs: patientMs, what: 'a loss' });
  wire.heal();
  phone.say(request('BYE'), wire);
  expect((await asterisk.hears()).text).toContain('BYE');
  expect(asterisk.heard).toHaveLength(1);
  expect(wire.tally('to-asterisk').sip).toEqual({ all: 2, lost: 1, twice: 0 });
  expect(wire.tally('to-phones').sip.all).toBe(0);
});

test('all that comes late comes late, in its order, and twice', async () => {
  wire.lossy({ seed: 1, lost: 0, twice: 1, lateMs: 60 });
  const from = performance.now();
  for (const callId of ['a', 'b', 'c']) phone.say(request('INVITE', callId), wire);
  await asterisk.hears(6);
  expect(performance.now() - from).toBeGreaterThanOrEqual(59);
  const calls = asterisk.heard.map(({ text }) => /^Call-ID: (.*)\r$/m.exec(text)?.[1] ?? '');
  expect([...new Set(calls)]).toEqual(['a', 'b', 'c']);
  expect(calls.toSorted()).toEqual(['a', 'a', 'b', 'b', 'c', 'c']);
});

test('what is marked is lost or doubled for certain, once, and nothing else is', async () => {
  const lost = wire.next({ message: 'BYE', way: 'to-asterisk', fate: 'lost' });
  const twice = wire.next({ message: '200 BYE', way: 'to-phones', fate: 'twice' });
  for (const method of ['INVITE', 'BYE', 'ACK', 'BYE']) phone.say(request(method), wire);
  await lost.done;
  await asterisk.hears(3);
  expect(asterisk.heard.map(({ text }) => text.split(' ')[0])).toEqual(['INVITE', 'ACK', 'BYE']);
  const { from } = asterisk.heard[0] ?? { from: wire };
  asterisk.say(answer('200 OK', 'INVITE'), from);
  asterisk.say(answer('200 OK', 'BYE'), from);
  await twice.done;
  await phone.hears(3);
  expect(phone.heard.map(({ text }) => /CSeq: 1 (\w+)/.exec(text)?.[1])).toEqual(['INVITE', 'BYE', 'BYE']);
});

test('a keep-alive passes', async () => {
  phone.say('\r\n\r\n', wire);
  expect((await asterisk.hears()).text).toBe('\r\n\r\n');
});

/** Where each of them was told that the other hears; each wants to hear where it speaks SIP from. */
async function talk(): Promise<{ readonly phoneHears: Place; readonly asteriskHears: Place }> {
  phone.say(offer('INVITE'), wire);
  const { text: offered, from } = await asterisk.hears();
  asterisk.say(answer('200 OK', 'INVITE', [], sdp(asterisk.port)), from);
  const { text: answered } = await phone.hears();
  const [asteriskHears, phoneHears] = [audioIn(offered), audioIn(answered)];
  if (asteriskHears === undefined || phoneHears === undefined) throw new Error('an SDP is lost');
  return { asteriskHears, phoneHears };
}

const sdp = (port: number): string => ['v=0', 'c=IN IP4 127.0.0.1', `m=audio ${port} RTP/AVP 8`, ''].join('\r\n');
const offer = (method: string): string => whole(`${method} sip:5000@127.0.0.1 SIP/2.0`, method, 'one', [], sdp(phone.port));
const request = (method: string, callId = 'one'): string => whole(`${method} sip:5000@127.0.0.1 SIP/2.0`, method, callId, []);
const answer = (status: string, method: string, more: readonly string[] = [], body = ''): string => whole(`SIP/2.0 ${status}`, method, 'one', more, body);

function whole(first: string, method: string, callId: string, more: readonly string[], body = ''): string {
  return [first, `Call-ID: ${callId}`, `CSeq: 1 ${method}`, ...more, ...(body === '' ? [] : ['Content-Type: application/sdp']), `Content-Length: ${body.length}`, '', body].join('\r\n');
}

async function end(): Promise<End> {
  const socket = await openUdp(0);
  sockets.push(socket);
  const heard: { text: string; from: Place }[] = [];
  socket.on('message', (data: Buffer, { address: host, port }: RemoteInfo) => void heard.push({ text: data.toString('latin1'), from: { host, port } }));
  return {
    ...placeOf(socket), heard,
    say: (text, { host, port }) => socket.send(text, port, host),
    hears: (count = 1) => until(() => (heard.length >= count ? heard.at(-1) : undefined), { limitMs: patientMs, everyMs: 2, what: `${count} datagrams` }),
  };
}
