/** Asterisk's answer to one call, as the order's outcome. The only place that reads its statuses and messages. */
import { z } from 'zod';
import type { AmiAnswer } from './ami.ts';
import type { AriAnswer } from './ari/connection.ts';
import type { Call } from './orders.ts';
import type { OrderFailure } from './port.ts';

export type CallOutcome =
  | { readonly result: 'done' }
  /** The phone could not even be rung: no registration, no such endpoint. */
  | { readonly result: 'unreachable' }
  | { readonly result: 'failed'; readonly reason: OrderFailure; readonly detail: string };

export function outcomeOfAri({ request, fine = [] }: Extract<Call, { via: 'ari' }>, answer: AriAnswer): CallOutcome {
  if (!answer.answered) return { result: 'failed', reason: 'disconnected', detail: answer.why };
  const { status, body } = answer;
  if ((status >= 200 && status < 300) || fine.includes(status)) return done;
  const rings = request.method === 'POST' && request.path[0] === 'channels' && request.path.length === 2;
  // Asterisk says "Allocation failed" of a phone without a registration, and the same of one that does not exist.
  if (rings && status === 500) return { result: 'unreachable' };
  const detail = `${status} ${messageOf(body)}`.trim();
  return { result: 'failed', reason: meansGone(request.path, status, messageOf(body)) ? 'gone' : 'refused', detail };
}

export function outcomeOfAmi({ action }: Extract<Call, { via: 'ami' }>, answer: AmiAnswer): CallOutcome {
  if (!answer.answered) return { result: 'failed', reason: 'disconnected', detail: answer.why };
  if (answer.ok) return done;
  // AMI has no codes. StopMixMonitor says only that it could not, and then there is nothing left to stop.
  if (action['Action'] === 'StopMixMonitor') return done;
  return { result: 'failed', reason: /no such channel|channel not found/i.test(answer.message) ? 'gone' : 'refused', detail: answer.message };
}

const done: CallOutcome = { result: 'done' };

/**
 * 404 is plain. 409 and 412 on a channel: it exists, but has left Stasis and is on its way out. addChannel says 400
 * or 422 of such a channel.
 */
function meansGone(path: readonly string[], status: number, message: string): boolean {
  if (status === 404) return true;
  if (path[2] === 'addChannel') return status === 422 || (status === 400 && message.startsWith('Channel not found'));
  return path[0] === 'channels' && path.length > 2 && (status === 409 || status === 412);
}

const messageShape = z.object({ message: z.string() }).or(z.object({ error: z.string() }).transform(({ error }) => ({ message: error })));

function messageOf(body: unknown): string {
  const read = messageShape.safeParse(body);
  return read.success ? read.data.message.slice(0, 200) : '';
}
