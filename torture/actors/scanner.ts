// Somebody from the internet who tries a SIP port: unknown users, guessed passwords, calls to anywhere.

import { createSocket } from 'node:dgram';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../runtime/until.ts';

export interface Scan {
  readonly sent: number;
  /** Answers by their status. */
  readonly answers: Readonly<Record<string, number>>;
}

const everyMs = 10;
const answeredWithinMs = 2_000;

/** From an address of its own, so many requests a second, each in another user's name. */
export async function scan({ from, to, requests, perSecond }: { readonly from: string; readonly to: { readonly host: string; readonly port: number }; readonly requests: number; readonly perSecond: number }): Promise<Scan> {
  const socket = createSocket('udp4');
  await new Promise<void>((bound) => socket.bind(0, from, bound));
  const answers: Record<string, number> = {};
  socket.on('message', (message) => {
    const status = /^SIP\/2\.0 (\d{3})/.exec(message.toString('latin1'))?.[1] ?? 'none';
    answers[status] = (answers[status] ?? 0) + 1;
  });
  const startedAt = performance.now();
  let sent = 0;
  while (sent < requests) {
    const due = Math.min(requests, Math.ceil(((performance.now() - startedAt) / 1_000) * perSecond));
    for (; sent < due; sent += 1) socket.send(attempt(sent, `${from}:${socket.address().port}`, `${to.host}:${to.port}`), to.port, to.host);
    await sleep(everyMs);
  }
  const answered = (): number => Object.values(answers).reduce((sum, count) => sum + count, 0);
  // Whoever asked sees in the answers what did not come.
  await until(() => answered() >= sent || undefined, { limitMs: answeredWithinMs, what: 'every request has an answer' }).catch(() => undefined);
  socket.close();
  return { sent, answers };
}

const methods = ['REGISTER', 'INVITE', 'OPTIONS', 'REGISTER'] as const;

function attempt(count: number, from: string, to: string): string {
  const method = methods[count % methods.length] ?? 'REGISTER';
  const user = String(10_000 + count);
  // Every other registration guesses a password.
  const guess = count % 8 === 3 ? `Authorization: Digest username="${user}", realm="rexian", nonce="1", uri="sip:${to}", response="00000000000000000000000000000000"\r\n` : '';
  return `${method} sip:${method === 'INVITE' ? '4000' : user}@${to} SIP/2.0\r\nVia: SIP/2.0/UDP ${from};rport;branch=z9hG4bKscan${count}\r\nFrom: <sip:${user}@${to}>;tag=s${count}\r\nTo: <sip:${user}@${to}>\r\nCall-ID: scan-${count}@${from}\r\nCSeq: 1 ${method}\r\nContact: <sip:${user}@${from}>\r\nMax-Forwards: 70\r\n${guess}Content-Length: 0\r\n\r\n`;
}
