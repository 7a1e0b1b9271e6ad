/**
 * Asks for a number. `*` clears what was entered so far, unless `*` is the terminator. A secret number goes to
 * `secret` instead of `data` and never leaves this process. Neither does a card number: `data` has its masked form, and
 * only conditions see the whole.
 */
import { z } from 'zod';
import { maskCards } from '../../base/card-number.ts';
import { duration } from '../../config/duration.ts';
import { strict } from '../../config/schema.ts';
import type { Key } from '../../telephony/port.ts';
import { checkPrompts, prompts, target, variableName } from '../flow-reader.ts';
import type { ReadNode } from '../flow-reader.ts';
import { go, keepKey, stay } from '../visit.ts';
import type { Input, Outcome, Visit } from '../visit.ts';
import { again, invalidSchema, readAttempts, timeoutSchema } from './attempts.ts';
import type { Attempts, TimeoutAttempts } from './attempts.ts';

export interface CollectNode {
  readonly kind: 'collect';
  readonly say: readonly string[];
  readonly bargeIn: boolean;
  readonly into: string;
  readonly secret: boolean;
  readonly min: number;
  readonly max: number;
  readonly terminator: '#' | '*' | null;
  /** Between two digits; after it the number counts as finished. */
  readonly betweenMs: number;
  readonly timeout: TimeoutAttempts;
  readonly invalid: Attempts;
  readonly next: string;
}

const count = z.int().min(1).max(32);
const schema = strict({
  collect: prompts,
  bargeIn: z.boolean().default(true),
  into: variableName,
  secret: z.boolean().default(false),
  digits: strict({ min: count, max: count }),
  terminator: z.enum(['#', '*', 'none']).default('#'),
  between: duration({ min: '1s', max: '30s' }).default(4_000),
  timeout: timeoutSchema,
  invalid: invalidSchema.optional(),
  next: target,
});

export const readCollect: ReadNode<CollectNode> = (raw, place, reader) => {
  const read = reader.parse(schema, raw, place.path);
  if (!read) return undefined;
  const { digits, into, secret } = read;
  checkPrompts(reader, read.collect, [...place.path, 'collect']);
  if (digits.min > digits.max) reader.found([...place.path, 'digits', 'max'], { code: 'out-of-range', text: { zh: '最多位数小于最少位数', en: 'max is less than min' }, hint: { zh: `至少 ${digits.min}`, en: `at least ${digits.min}` } });
  (secret ? reader.secrets : reader.variables).add(into);
  return {
    kind: 'collect',
    say: read.collect,
    bargeIn: read.bargeIn,
    into,
    secret,
    ...digits,
    terminator: read.terminator === 'none' ? null : read.terminator,
    betweenMs: read.between,
    ...readAttempts(read.timeout, read.invalid, place, reader),
    next: reader.target(read.next, place, 'next'),
  };
};

export function enterCollect(node: CollectNode, visit: Visit): Outcome {
  const { keys } = visit.live;
  const fresh = { ...visit, live: { ...visit.live, entered: '' } };
  return node.bargeIn && keys.length > 0 ? feed(node, fresh, keys) : { do: 'stay', say: node.say, live: { entered: '' } };
}

export function hearCollect(node: CollectNode, visit: Visit, input: Input): Outcome {
  const { live } = visit;
  switch (input.type) {
    case 'key-pressed':
      return live.play !== null && !node.bargeIn ? keepKey(visit, input.key) : feed(node, visit, [...live.keys, input.key]);
    case 'play-ended':
      return live.keys.length > 0 ? feed(node, visit, live.keys) : { do: 'stay', live: { deadline: input.at + node.timeout.afterMs } };
    case 'deadline':
      if (live.play !== null) return { do: 'stay', hush: true, live: { deadline: input.at + node.timeout.afterMs } };
      return live.entered === '' ? again('timeout', node.timeout, node.say, visit) : finish(node, visit, live.entered, []);
    case 'resumed':
      return enterCollect(node, visit);
    default:
      return stay;
  }
}

function feed(node: CollectNode, visit: Visit, keys: readonly Key[]): Outcome {
  let entered = visit.live.entered;
  for (const [index, key] of keys.entries()) {
    const rest = keys.slice(index + 1);
    if (key === node.terminator) return finish(node, visit, entered, rest);
    if (key === '*') entered = '';
    else if (/\d/.test(key)) entered += key;
    if (entered.length === node.max) return finish(node, visit, entered, rest);
  }
  const wait = entered === '' ? node.timeout.afterMs : node.betweenMs;
  return { do: 'stay', hush: true, live: { keys: [], entered, deadline: visit.at + wait } };
}

function finish(node: CollectNode, visit: Visit, entered: string, rest: readonly Key[]): Outcome {
  if (entered.length < node.min) return again('invalid', node.invalid, node.say, visit);
  // Complete without its terminator: many callers press it all the same, and it is not meant for what comes next.
  const full = entered.length === node.max && node.terminator !== null;
  const ahead = full && rest[0] === node.terminator ? rest.slice(1) : rest;
  const live = { keys: ahead, entered: '', swallow: full && rest.length === 0 ? node.terminator : null };
  if (node.secret) return go(node.next, 'entered', { live: { ...live, secrets: { ...visit.live.secrets, [node.into]: entered } } });
  const shown = maskCards(entered);
  const whole = shown === entered ? visit.live.whole : { ...visit.live.whole, [node.into]: entered };
  return go(node.next, 'entered', { changes: { data: { [node.into]: shown } }, live: { ...live, whole } });
}
