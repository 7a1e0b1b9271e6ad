/**
 * A caller by hand over UDP, who is there at once and says byte for byte what is wanted, also what no SIP library would
 * let anybody write.
 */
import { createSocket } from 'node:dgram';
import { randomBytes } from 'node:crypto';
import { headerOf } from './sip-message.ts';

export interface RawCall {
  readonly server: { readonly host: string; readonly port: number };
  /** The user part that is dialled, as it stands in the request. */
  readonly dials: string;
  /** The From header's value without its tag. */
  readonly from: string;
  /** More headers, each a whole line. */
  readonly more?: readonly string[];
  readonly limitMs: number;
  /** Without any answer for so long, the call is unheard; without it that takes as long as the limit. */
  readonly unheardMs?: number;
}

/** `served`: answered, and hung up by the other side. `unheard`: nobody said a word to what is no SIP. A number is the status of a refusal. */
export type RawOutcome = 'served' | 'unheard' | 'left hanging' | number;

export async function callRaw({ server, dials, from, more = [], limitMs, unheardMs = limitMs }: RawCall): Promise<RawOutcome> {
  const socket = createSocket('udp4');
  await new Promise<void>((bound) => socket.bind(0, server.host, bound));
  const own = `${server.host}:${socket.address().port}`;
  const [callId, branch] = [randomBytes(8).toString('hex'), `z9hG4bK${randomBytes(8).toString('hex')}`];
  const { promise: over, resolve } = Promise.withResolvers<RawOutcome>();
  let status = 0;
  const send = (text: string, sent?: () => void): void => socket.send(Buffer.from(text, 'utf8'), server.port, server.host, sent);
  const tagged = `${from};tag=raw${callId}`;
  const ack = (answer: string, within: string, sent?: () => void): void => {
    const target = status < 300 ? (/<(sip:[^>]+)>/.exec(headerOf(answer, 'Contact') ?? '')?.[1] ?? '') : `sip:${dials}@${server.host}`;
    send(`ACK ${target} SIP/2.0\r\nVia: SIP/2.0/UDP ${own};rport;branch=${within}\r\nFrom: ${tagged}\r\nTo: ${headerOf(answer, 'To') ?? ''}\r\nCall-ID: ${callId}\r\nCSeq: 1 ACK\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n`, sent);
  };
  socket.on('message', (message) => {
    const text = message.toString('utf8');
    const answer = /^SIP\/2\.0 (\d{3}) /.exec(text);
    if (answer === null) {
      // The other side's own request: whatever it is, it is well, and a BYE is the end.
      send(`SIP/2.0 200 OK\r\n${['Via', 'From', 'To', 'Call-ID', 'CSeq'].map((name) => `${name}: ${headerOf(text, name) ?? ''}\r\n`).join('')}Content-Length: 0\r\n\r\n`, () => void (text.startsWith('BYE ') && resolve('served')));
      return;
    }
    status = Math.max(status, Number(answer[1]));
    if (status < 200) return;
    ack(text, status < 300 ? `z9hG4bK${randomBytes(8).toString('hex')}` : branch, () => void (status >= 300 && resolve(status)));
  });
  const sdp = `v=0\r\no=r 1 1 IN IP4 ${server.host}\r\ns=-\r\nc=IN IP4 ${server.host}\r\nt=0 0\r\nm=audio ${socket.address().port} RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n`;
  const invite = [
    `INVITE sip:${dials}@${server.host}:${server.port} SIP/2.0`, `Via: SIP/2.0/UDP ${own};rport;branch=${branch}`, `From: ${tagged}`, `To: <sip:${dials}@${server.host}>`,
    `Call-ID: ${callId}`, 'CSeq: 1 INVITE', `Contact: <sip:raw@${own}>`, 'Max-Forwards: 70', ...more, 'Content-Type: application/sdp', `Content-Length: ${sdp.length}`, '', sdp,
  ].join('\r\n');
  send(invite);
  // As a phone does while nobody answers: the first may have come to a server that was held up.
  const again = setInterval(() => status === 0 && send(invite), 1_000);
  const unheard = setTimeout(() => void (status === 0 && resolve('unheard')), unheardMs);
  const late = setTimeout(() => resolve('left hanging'), limitMs);
  try {
    return await over;
  } finally {
    clearInterval(again);
    clearTimeout(unheard);
    clearTimeout(late);
    socket.close();
  }
}

/** Any bytes as a user part: each that is no letter or digit is escaped, and Asterisk reads it back as it was. */
export const escaped = (text: string): string => [...Buffer.from(text, 'utf8')].map((byte) => (/[A-Za-z0-9]/.test(String.fromCharCode(byte)) ? String.fromCharCode(byte) : `%${byte.toString(16).padStart(2, '0')}`)).join('');
/** As a display name, with what would end the quotes escaped and nothing else. */
export const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;
