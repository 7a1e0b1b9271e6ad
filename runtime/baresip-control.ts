// baresip's control port: commands with answers, and its events.

import { once } from 'node:events';
import { connect } from 'node:net';
import { netstring, netstringReader } from './netstring.ts';
import { loopback } from './ports.ts';

export type BaresipControl = {
  /** Resolves when baresip has carried the command out, rejects when it would not. */
  tell(command: string, params?: string): Promise<void>;
  close(): void;
};

const answerWithinMs = 5_000;

/** Resolves to undefined while nothing listens on the port. */
export async function controlBaresip(
  port: number, onEvent: (message: Readonly<Record<string, unknown>>) => void,
): Promise<BaresipControl | undefined> {
  const socket = connect(port, loopback);
  try {
    await once(socket, 'connect');
  } catch {
    // Not listening yet: the caller asks again until its limit.
    socket.destroy();
    return undefined;
  }
  const answers = new Map<string, (problem: string | undefined) => void>();
  const read = netstringReader();
  socket.on('data', (chunk: Buffer) => {
    for (const text of read(chunk)) {
      const message = JSON.parse(text) as Readonly<Record<string, unknown>>;
      if (message['response'] !== true) onEvent(message);
      else answers.get(String(message['token']))?.(message['ok'] === true ? undefined : String(message['data'] ?? 'refused'));
    }
  });
  // The phone ended: its `close` follows and tells whoever waits.
  socket.on('error', () => {});
  socket.on('close', () => {
    for (const answer of answers.values()) answer('the phone ended');
  });
  let tokens = 0;
  return {
    tell(command, params = '') {
      const token = String((tokens += 1));
      return new Promise((resolve, reject) => {
        const settle = (problem: string | undefined): void => {
          clearTimeout(limit);
          answers.delete(token);
          if (problem === undefined) resolve();
          else reject(new Error(`the phone did not "${command} ${params}": ${problem.trim()}`));
        };
        const limit = setTimeout(() => settle(`no answer in ${answerWithinMs} ms`), answerWithinMs);
        answers.set(token, settle);
        if (socket.destroyed) settle('the phone ended');
        else socket.write(netstring(JSON.stringify({ command, params, token })));
      });
    },
    close: () => void socket.destroy(),
  };
}
