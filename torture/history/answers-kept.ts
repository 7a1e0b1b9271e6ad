/** An answer is a promise: each command that was acknowledged is in the journal, once and at its time. */
import { assertNever } from '../../src/base/assert.ts';
import type { CallEventRow } from '../../src/store/tables.ts';
import { at, type Asked, type History, type Violation } from './history.ts';

/** Two processes read the same clock at two moments, and round it. */
export const skewMs = 20;

export function answersAreKept(history: History): Violation[] {
  const effects = effectsOf(history);
  return history.asked.filter((asked) => asked.answer === 'done' && !effects.has(asked)).map((asked) => ({
    rule: 'answer lost', at: asked.to, contacts: [], agents: [asked.agent],
    what: `${asked.wish} of ${asked.agent} was acknowledged and is not in the journal`,
  }));
}

/** Where in the journal each acknowledged command took effect; no event is the effect of two. */
export function effectsOf({ asked, events }: History): ReadonlyMap<Asked, number> {
  const byAgent = Map.groupBy([...events.entries()].filter(([, { agent, type }]) => agent !== null && type in commandEvents), ([, { agent }]) => agent ?? '');
  const taken = new Set<number>();
  const effects = new Map<Asked, number>();
  for (const one of asked.filter(({ answer }) => answer === 'done')) {
    const found = byAgent.get(one.agent)?.find(([index, event]) => !taken.has(index) && at(event) >= one.from - skewMs && at(event) <= one.to + skewMs && isEffect(one.wish, event));
    if (found === undefined) continue;
    taken.add(found[0]);
    effects.set(one, found[0]);
  }
  return effects;
}

const commandEvents: Readonly<Record<string, true>> = {
  'presence-changed': true, 'presence-requested': true, 'rest-set': true, 'contact-ended': true, 'offer-ended': true, 'disposition-set': true, 'recording-paused': true, 'recording-resumed': true,
};

function isEffect(wish: Asked['wish'], { type, body }: CallEventRow): boolean {
  const presence = type === 'presence-changed' ? statusIn(body['presence']) : undefined;
  const requested = type === 'presence-requested' ? body['then'] : undefined;
  switch (wish) {
    case 'sign-in':
      return (presence === 'paused' && body['because'] === 'signed-in') || requested === null;
    case 'sign-out':
      return presence === 'offline' || requested === 'offline';
    case 'pause':
      return presence === 'paused' || requested === 'paused';
    case 'make-ready':
      // Ready already, but left alone after a phone that was busy: a rest without a cause is the end of one.
      return presence === 'ready' || requested === null || (type === 'rest-set' && body['because'] === undefined);
    case 'finish-wrap-up':
      return body['because'] === 'wrap-up-over';
    case 'hang-up':
      return (type === 'contact-ended' && body['reason'] === 'agent-hung-up') || (type === 'offer-ended' && body['outcome'] === 'rejected');
    case 'dispose':
      return type === 'disposition-set';
    case 'pause-recording':
      return type === 'recording-paused';
    case 'resume-recording':
      return type === 'recording-resumed';
    default:
      return assertNever(wish);
  }
}

export function statusIn(presence: unknown): string | undefined {
  return typeof presence === 'object' && presence !== null && 'status' in presence ? String(presence.status) : undefined;
}
