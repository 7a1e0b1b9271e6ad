import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { WebSocket } from 'ws';
import { restSocket } from '../../src/telephony/ari/rest-socket.ts';
import type { AriAnswer } from '../../src/telephony/ari/connection.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** As `ws` has it, with an Asterisk at the other end that says when it answers. */
class Wire extends EventEmitter {
  readonly OPEN = 1;
  readonly CLOSING = 2;
  readyState = 1;
  readonly sent: string[] = [];
  terminated = false;
  send(frame: string): void {
    this.sent.push(frame);
  }
  ping(): void {
    this.emit('pong');
  }
  pong(): void {
    // Only for Nagle.
  }
  terminate(): void {
    this.terminated = true;
    this.readyState = 3;
    this.emit('close');
  }
  answers(request: string): void {
    this.emit('message', JSON.stringify({ type: 'RESTResponse', request_id: request, status_code: 204 }));
  }
}

function open(): { readonly wire: Wire; readonly rest: ReturnType<typeof restSocket> } {
  const wire = new Wire();
  const stream = Object.assign(new EventEmitter(), { setNoDelay: () => undefined });
  const nothing = (): void => undefined;
  // Both have all that is used of the real ones.
  const rest = restSocket(wire as unknown as WebSocket, stream as unknown as Socket, { application: 'rexian', event: nothing, registered: nothing, replaced: nothing, closed: nothing, unreadable: nothing });
  return { wire, rest };
}

const hangUp = (leg: string) => ({ method: 'DELETE', path: ['channels', leg] }) as const;

test('an Asterisk that works off what was asked before is late, and not cut off', async () => {
  const { wire, rest } = open();
  const answers: AriAnswer[] = [];
  for (const leg of ['a', 'b', 'c']) void rest.request(hangUp(leg)).then((answer) => answers.push(answer));
  for (const [index, request] of ['1', '2', '3'].entries()) {
    await vi.advanceTimersByTimeAsync(9_000);
    expect(answers).toHaveLength(index);
    wire.answers(request);
  }
  await vi.advanceTimersByTimeAsync(0);
  expect(answers).toEqual(Array(3).fill({ answered: true, status: 204, body: undefined }));
  expect(wire.terminated).toBe(false);
});

test('one that answers nothing for ten seconds is connected anew, and what was asked says so', async () => {
  const { wire, rest } = open();
  const first = rest.request(hangUp('a'));
  const second = rest.request(hangUp('b'));
  await vi.advanceTimersByTimeAsync(6_000);
  wire.answers('1');
  await vi.advanceTimersByTimeAsync(9_900);
  expect(wire.terminated).toBe(false);
  await vi.advanceTimersByTimeAsync(200);
  expect(wire.terminated).toBe(true);
  expect(await first).toMatchObject({ answered: true });
  expect(await second).toEqual({ answered: false, why: 'timed-out' });
});

test('one that answered what was asked later has lost the request', async () => {
  const { wire, rest } = open();
  const first = rest.request(hangUp('a'));
  void rest.request(hangUp('b'));
  await vi.advanceTimersByTimeAsync(9_000);
  wire.answers('2');
  await vi.advanceTimersByTimeAsync(1_100);
  expect(await first).toEqual({ answered: false, why: 'timed-out' });
  expect(wire.terminated).toBe(true);
});
