import { expect, test } from 'vitest';
import { audioIn, withAudio, withContact } from '../../stage/sdp.ts';

const message = (body: readonly string[], more: readonly string[] = []): string => {
  const text = body.join('\r\n');
  return ['INVITE sip:5000@127.0.0.1:5060 SIP/2.0', 'Call-ID: one', ...more, 'Content-Type: application/sdp', `Content-Length: ${text.length}`, '', text].join('\r\n');
};
const offer = ['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 'c=IN IP4 127.0.0.1', 't=0 0', 'm=audio 4000 RTP/AVP 8 101', 'a=rtcp:4005', 'a=sendrecv', ''];

test('where a message wants to hear is found', () => {
  expect(audioIn(message(offer))).toEqual({ host: '127.0.0.1', port: 4000 });
});

test("the stream's own address counts before that of the whole, and that of another stream does not", () => {
  const own = message([...offer.slice(0, 6), 'c=IN IP4 127.0.0.2', 'm=video 5000 RTP/AVP 96', 'c=IN IP4 127.0.0.3', '']);
  expect(audioIn(own)).toEqual({ host: '127.0.0.2', port: 4000 });
  const others = message([...offer, 'm=video 5000 RTP/AVP 96', 'c=IN IP4 127.0.0.3', '']);
  expect(audioIn(others)).toEqual({ host: '127.0.0.1', port: 4000 });
});

test.each([
  ['without SDP', 'BYE sip:a@127.0.0.1 SIP/2.0\r\nCall-ID: one\r\nContent-Length: 0\r\n\r\n'],
  ['whose stream is refused', message(offer.map((line) => line.replace('m=audio 4000', 'm=audio 0')))],
  ['whose stream is held', message(offer.map((line) => line.replace('c=IN IP4 127.0.0.1', 'c=IN IP4 0.0.0.0')))],
  ['with another body', message(offer).replace('application/sdp', 'text/plain')],
])('a message %s wants to hear nothing', (_, text) => {
  expect(audioIn(text)).toBeUndefined();
});

test('a message is sent to hear elsewhere, as long as it says, and says nothing of RTCP any more', () => {
  const moved = withAudio(message(offer), { host: '127.0.0.9', port: 40_002 });
  expect(audioIn(moved)).toEqual({ host: '127.0.0.9', port: 40_002 });
  const [head = '', body = ''] = moved.split('\r\n\r\n');
  expect(head).toContain(`Content-Length: ${body.length}`);
  expect(body).toBe(['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 'c=IN IP4 127.0.0.9', 't=0 0', 'm=audio 40002 RTP/AVP 8 101', 'a=sendrecv', ''].join('\r\n'));
});

test("a compact header's length is mended too", () => {
  const compact = message(offer).replace('Content-Type', 'c').replace('Content-Length', 'l');
  expect(withAudio(compact, { host: '127.0.0.1', port: 40_002 })).toMatch(/\r\nl: \d+\r\n\r\nv=0/);
  expect(audioIn(withAudio(compact, { host: '127.0.0.1', port: 40_002 }))).toEqual({ host: '127.0.0.1', port: 40_002 });
});

test('a Contact leads elsewhere, and no other header and no other address does', () => {
  const [from, to] = [{ host: '127.0.0.1', port: 5060 }, { host: '127.0.0.1', port: 7000 }];
  const contacts = ['Contact: <sip:asterisk@127.0.0.1:5060;transport=udp>', 'm: <sip:127.0.0.1:5060>', 'Contact: <sip:3001@127.0.0.1:50600>', 'To: <sip:5000@127.0.0.1:5060>'];
  const moved = withContact(message(offer, contacts), from, to).split('\r\n');
  expect(moved).toEqual(expect.arrayContaining(['Contact: <sip:asterisk@127.0.0.1:7000;transport=udp>', 'm: <sip:127.0.0.1:7000>', contacts[2], contacts[3]]));
  expect(moved[0]).toBe('INVITE sip:5000@127.0.0.1:5060 SIP/2.0');
});
