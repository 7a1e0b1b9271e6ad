/**
 * 回拨: which number a caller who asks to be called back is to be called at. Built in, and reached by the queue's key.
 *
 *   confirm ──1──▶ promised, last words, the end        2 ──▶ number ──▶ confirm
 *      └──── * , silence, refused ──▶ back in line, with the place
 */
import type { Key } from '../../telephony/port.ts';
import { go, stay } from '../visit.ts';
import type { Input, Outcome, Said, Visit } from '../visit.ts';
import { again } from './attempts.ts';
import type { TimeoutAttempts } from './attempts.ts';

export interface CallbackNode {
  readonly kind: 'callback';
  readonly asks: 'confirm' | 'number';
}

/** Their names; the nodes themselves are in built-in.ts, which this file must not need. */
export const callbackNodes = { confirm: 'rexian:callback', number: 'rexian:callback-number', promised: 'rexian:callback-promised' } as const;

/** What can be dialled at all; the router has the last word. */
const number = /^\+?\d{3,20}$/;
const digitsMax = 20;
const afterMs = 6_000;
const betweenMs = 4_000;

export function enterCallback({ asks }: CallbackNode, visit: Visit): Outcome {
  if (asks === 'number') return { do: 'stay', say: ['callback-enter'], live: { entered: '', keys: [] } };
  const chosen = numberOf(visit);
  if (number.test(chosen)) return { do: 'stay', say: question(visit, chosen), live: { keys: [] } };
  return mayEnter(visit) ? go(callbackNodes.number, 'no number') : refused;
}

export function hearCallback(node: CallbackNode, visit: Visit, input: Input): Outcome {
  const { live, memory } = visit;
  const back = memory.callback?.back ?? '';
  switch (input.type) {
    case 'key-pressed':
      return node.asks === 'number' ? entered(visit, input.key, back) : confirmed(visit, input.key, back);
    case 'play-ended':
      // What was said was that it cannot be.
      return memory.tries.invalid >= gaveUp ? go(back, 'refused') : { do: 'stay', live: { deadline: input.at + afterMs } };
    case 'deadline':
      if (live.play !== null) return { do: 'stay', hush: true, live: { deadline: input.at + afterMs } };
      if (node.asks === 'number' && live.entered !== '') return finish(live.entered, memory.callback);
      return again('timeout', { ...silence, then: back }, node.asks === 'number' ? ['callback-enter'] : question(visit, numberOf(visit)), visit);
    case 'callback-refused':
      return refused;
    case 'resumed':
      return enterCallback(node, visit);
    default:
      return stay;
  }
}

const gaveUp = 99;
const refused: Outcome = { do: 'stay', say: ['callback-refused'], tries: { timeout: 0, invalid: gaveUp } };
const silence: Omit<TimeoutAttempts, 'then'> = { afterMs, tries: 2, say: [] };

function confirmed(visit: Visit, key: Key, back: string): Outcome {
  if (visit.memory.tries.invalid >= gaveUp) return stay;
  if (key === '1') return go(callbackNodes.promised, key, { callback: numberOf(visit) });
  if (key === '2' && mayEnter(visit)) return go(callbackNodes.number, key);
  return key === '*' ? go(back, key) : stay;
}

function entered({ at, live, memory }: Visit, key: Key, back: string): Outcome {
  if (key === '*') return go(back, key);
  const so = /\d/.test(key) ? live.entered + key : live.entered;
  if (so.length === digitsMax || (key === '#' && so !== '')) return finish(so, memory.callback);
  return { do: 'stay', hush: true, live: { entered: so, deadline: at + (so === '' ? afterMs : betweenMs) } };
}

/** Read out again, for the caller to confirm. One that is none is that of the phone again. */
const finish = (digits: string, asked: Visit['memory']['callback']): Outcome =>
  go(callbackNodes.confirm, 'entered', { changes: { callback: { queue: asked?.queue ?? '', back: asked?.back ?? '', number: number.test(digits) ? digits : '' } }, live: { entered: '', keys: [] } });

const numberOf = ({ memory }: Visit): string => memory.callback?.number || memory.ani;
const mayEnter = ({ memory, setting }: Visit): boolean => [...(setting.queues ?? [])].some(([id, { callback }]) => id === memory.callback?.queue && callback?.otherNumber === true);

const question = (visit: Visit, chosen: string): readonly Said[] => ['callback-number', { say: 'digits', digits: chosen }, mayEnter(visit) ? 'callback-confirm-or-other' : 'callback-confirm'];
