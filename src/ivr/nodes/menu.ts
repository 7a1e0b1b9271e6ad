/**
 * Asks for one key.
 *
 *   saying ──said──▶ waiting ──timeout──▶ saying again, or the way out
 *      └──────key───────┴──key──▶ its way; a key without one: saying again, or the way out
 */
import { z } from 'zod';
import { strict } from '../../config/schema.ts';
import type { Key } from '../../telephony/port.ts';
import { checkPrompts, prompts, readKeys, target } from '../flow-reader.ts';
import type { ReadNode } from '../flow-reader.ts';
import { go, keepKey, stay } from '../visit.ts';
import type { Input, Outcome, Visit } from '../visit.ts';
import { again, invalidSchema, readAttempts, timeoutSchema } from './attempts.ts';
import type { Attempts, TimeoutAttempts } from './attempts.ts';

export interface MenuNode {
  readonly kind: 'menu';
  readonly say: readonly string[];
  /** A key ends the prompt; otherwise it is kept until the prompt is over. */
  readonly bargeIn: boolean;
  readonly keys: ReadonlyMap<Key, string>;
  readonly timeout: TimeoutAttempts;
  readonly invalid: Attempts;
}

const schema = strict({ menu: prompts, bargeIn: z.boolean().default(true), keys: z.record(z.string(), target), timeout: timeoutSchema, invalid: invalidSchema.optional() });

export const readMenu: ReadNode<MenuNode> = (raw, place, reader) => {
  const read = reader.parse(schema, raw, place.path);
  if (!read) return undefined;
  checkPrompts(reader, read.menu, [...place.path, 'menu']);
  const keys = readKeys(read.keys, place, reader);
  if (keys.size === 0) reader.found([...place.path, 'keys'], { code: 'empty', text: { zh: '菜单没有任何按键', en: 'the menu has no keys' } });
  return { kind: 'menu', say: read.menu, bargeIn: read.bargeIn, keys, ...readAttempts(read.timeout, read.invalid, place, reader) };
};

export function enterMenu(node: MenuNode, visit: Visit): Outcome {
  return node.bargeIn && visit.live.keys.length > 0 ? nextKey(node, visit) : { do: 'stay', say: node.say };
}

export function hearMenu(node: MenuNode, visit: Visit, input: Input): Outcome {
  const { live } = visit;
  switch (input.type) {
    case 'key-pressed':
      return live.play !== null && !node.bargeIn ? keepKey(visit, input.key) : pressed(node, visit, input.key, live.keys);
    case 'play-ended':
      return live.keys.length > 0 ? nextKey(node, visit) : { do: 'stay', live: { deadline: input.at + node.timeout.afterMs } };
    case 'deadline':
      // Still saying: the end of the prompt was never heard, so it is taken as over.
      if (live.play !== null) return { do: 'stay', hush: true, live: { deadline: input.at + node.timeout.afterMs } };
      return again('timeout', node.timeout, node.say, visit);
    case 'resumed':
      return enterMenu(node, visit);
    default:
      return stay;
  }
}

function nextKey(node: MenuNode, visit: Visit): Outcome {
  const [key, ...rest] = visit.live.keys;
  return key === undefined ? stay : pressed(node, visit, key, rest);
}

function pressed(node: MenuNode, visit: Visit, key: Key, rest: readonly Key[]): Outcome {
  const to = node.keys.get(key);
  return to === undefined ? again('invalid', node.invalid, node.say, visit) : go(to, key, { live: { keys: rest } });
}
