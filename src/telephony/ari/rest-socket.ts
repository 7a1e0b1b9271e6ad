/**
 * REST over an ARI websocket, the same whoever opened it: requests go out as they come, answers are matched by id,
 * events go to the listener.
 *
 * Asterisk leaves Nagle's algorithm on, so its second small frame waits until we acknowledge the first, and the
 * kernel delays a bare acknowledgement by 40 ms. Node cannot ask for a quick one, but an acknowledgement travels
 * with anything we send: an unasked pong of two bytes for each chunk received brought two pipelined requests from
 * 41 ms to 1.1 ms (Asterisk 22.10, loopback).
 */
import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import { z } from 'zod';
import { patience, standstillMs } from '../../base/patience.ts';
import type { Patience } from '../../base/patience.ts';
import { addressOf, answerWithinMs, disconnected } from './connection.ts';
import type { AriAnswer, AriListener, AriRequest } from './connection.ts';

export interface RestSocket {
  request(request: AriRequest): Promise<AriAnswer>;
  open(): boolean;
  close(): void;
}

/** Asterisk cannot take a larger frame. */
const frameBytesMax = 65_535;
/** More unanswered requests mean an Asterisk that is beyond working them off. */
const pendingMax = 20_000;
/** A half-open connection is given up after this long, and what was to be done looked up over the next one. */
const silenceMsMax = 10_000;
const lookEveryMs = 2_000;

const answerShape = z.object({ type: z.literal('RESTResponse'), request_id: z.string(), status_code: z.number(), message_body: z.string().optional() });
const typeShape = z.object({ type: z.string() });

interface Hooks extends Pick<AriListener, 'event'> {
  readonly application: string;
  /** The application is registered: a request sent before this would be dropped in silence. */
  readonly registered: () => void;
  /** Another client serves it from now on: no event will come. */
  readonly replaced: () => void;
  readonly closed: () => void;
  readonly unreadable: (detail: string) => void;
}

export function restSocket(socket: WebSocket, stream: Socket, hooks: Hooks): RestSocket {
  const pending = new Map<string, { settle: (answer: AriAnswer) => void; limit: Patience }>();
  let count = 0;
  let heardAt = performance.now();
  let answered = { request: 0, at: heardAt };
  let closed = false;

  let lookedAt = heardAt;
  const watch = setInterval(() => {
    const now = performance.now();
    // We stood still ourselves, and what was said meanwhile is not read yet.
    if (now - lookedAt > lookEveryMs + standstillMs) heardAt = now;
    lookedAt = now;
    if (now - heardAt > silenceMsMax) socket.terminate();
    else if (socket.readyState === socket.OPEN) socket.ping();
  }, lookEveryMs);
  watch.unref();

  stream.setNoDelay(true);
  stream.on('data', () => {
    if (socket.readyState === socket.OPEN) socket.pong();
    // Asterisk said goodbye and leaves its end open (`ari shutdown websocket sessions`, 22.10). The library would wait
    // half a minute for it, and all that time no order gets through.
    else if (socket.readyState === socket.CLOSING) socket.terminate();
  });
  socket.on('pong', () => (heardAt = performance.now()));
  socket.on('message', (data) => {
    heardAt = performance.now();
    take(data.toString());
  });
  // `close` always follows and says all there is to say.
  socket.on('error', (error) => hooks.unreadable(error.message));
  socket.once('close', () => {
    closed = true;
    clearInterval(watch);
    for (const { settle, limit } of pending.values()) {
      limit.end();
      settle(disconnected);
    }
    pending.clear();
    hooks.closed();
  });

  function take(text: string): void {
    const message = parse(text);
    if (message === undefined) return hooks.unreadable('not JSON');
    const answer = answerShape.safeParse(message);
    if (answer.success) return settle(answer.data);
    const type = typeShape.safeParse(message);
    if (!type.success) return hooks.unreadable('a message without a type');
    if (type.data.type === 'ApplicationRegistered') hooks.registered();
    else if (type.data.type === 'ApplicationReplaced') hooks.replaced();
    else hooks.event(message);
  }

  function settle({ request_id: id, status_code: status, message_body: body }: z.infer<typeof answerShape>): void {
    answered = { request: Number(id), at: performance.now() };
    const waiting = pending.get(id);
    // Timed out meanwhile.
    if (waiting === undefined) return;
    pending.delete(id);
    waiting.limit.end();
    waiting.settle({ answered: true, status, body: body === undefined || body === '' ? undefined : (parse(body) ?? body) });
  }

  return {
    open: () => !closed && socket.readyState === socket.OPEN,
    close: () => socket.terminate(),
    request: (request) => {
      if (closed || socket.readyState !== socket.OPEN) return Promise.resolve(disconnected);
      if (pending.size >= pendingMax) {
        // An order that is dropped is made good by the comparison after a reconnect, so there must be one.
        hooks.unreadable(`${pendingMax} requests without an answer: connecting anew`);
        socket.terminate();
        return Promise.resolve(disconnected);
      }
      const number = (count += 1);
      const id = String(number);
      const frame = JSON.stringify({
        type: 'RESTRequest', request_id: id, method: request.method, uri: addressOf(request),
        ...(request.body === undefined ? {} : { content_type: 'application/json', message_body: JSON.stringify(request.body) }),
      });
      if (Buffer.byteLength(frame) > frameBytesMax) return Promise.resolve({ answered: true, status: 413, body: { message: 'too long for one frame' } });
      return new Promise((resolve) => {
        const waiting = { settle: resolve, limit: patience(answerWithinMs, late) };
        pending.set(id, waiting);
        function late(): void {
          // Requests of one socket are worked off in their order: while those before are answered, this one's turn is to come.
          const leftMs = answered.at + answerWithinMs - performance.now();
          if (answered.request < number && leftMs > 0) {
            waiting.limit = patience(leftMs, late);
            return;
          }
          pending.delete(id);
          resolve({ answered: false, why: 'timed-out' });
          // Asterisk is stuck, or deaf: when another client takes the application over and leaves, its outbound
          // socket stays open and answers nothing (22.10). A new connection mends the first; only a restart of Asterisk mends the second.
          hooks.unreadable('no answer to a request: connecting anew. If it stays so, restart Asterisk: another client has served our application');
          socket.terminate();
        }
        socket.send(frame);
      });
    },
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The caller says what the text was; there is nothing to add.
    return undefined;
  }
}
