/** What became of each phone that rang for a contact of our own records, and of each talk. */
import type { AgentId } from '../base/ids.ts';
import type { Event, EventOf } from './decider.ts';
import type { VisitEvent } from './own-calls.ts';
import { isBackFrom } from './own-acts.ts';
import type { LegFate, OwnRing, OwnTalk } from './scenario.ts';

/** Of agents, by agent and the moment in which it began: how long a wrap-up lasted that the agent ended, and a pause after a phone that rang in vain. */
export type WrapUps = ReadonlyMap<string, number>;

export function wrapUpsIn(events: readonly Event[]): WrapUps {
  const lasted = new Map<string, number>();
  const before = new Map<AgentId, EventOf<'presence-changed'>>();
  for (const event of events) {
    if (event.type !== 'presence-changed') continue;
    const was = before.get(event.agent);
    before.set(event.agent, event);
    if (was === undefined) continue;
    const { presence } = was;
    // One that lasted to its end would last to another's end too.
    const ended = presence.status === 'wrap-up' && event.because === 'wrap-up-over' && event.at < (presence.until ?? Number.POSITIVE_INFINITY);
    const back = presence.status === 'paused' && isBackFrom(presence.reason) && event.because === 'asked' && event.presence.status === 'ready';
    if (ended || back) lasted.set(keyOf(event.agent, was.at), event.at - was.at);
  }
  return lasted;
}

const keyOf = (agent: AgentId, since: number): string => `${agent} ${since}`;

export function talksIn(events: readonly VisitEvent[], wrapUps: WrapUps): readonly OwnTalk[] {
  const talks: OwnTalk[] = [];
  let talk: EventOf<'contact-connected'> | undefined;
  for (const event of events) {
    if (event.type === 'contact-connected') talk = event;
    else if (talk !== undefined && (event.type === 'contact-escalated' || event.type === 'contact-requeued' || event.type === 'contact-ended')) {
      const wrapUpMs = wrapUps.get(keyOf(talk.agent, event.at));
      talks.push({ ms: event.at - talk.at, end: endOf(event), ...(wrapUpMs !== undefined && { wrapUpMs }) });
      talk = undefined;
    }
  }
  return talks;
}

function endOf(event: EventOf<'contact-escalated' | 'contact-requeued' | 'contact-ended'>): OwnTalk['end'] {
  if (event.type === 'contact-escalated') return 'escalated';
  if (event.type === 'contact-requeued') return 'lost';
  return event.reason === 'agent-hung-up' ? 'agent' : 'caller';
}

export function ringsIn(events: readonly VisitEvent[], wrapUps: WrapUps): Readonly<Record<AgentId, readonly OwnRing[]>> {
  const rings = new Map<AgentId, OwnRing[]>();
  const open = new Map<string, { readonly made: EventOf<'offer-made'>; rangMs?: number; answered?: EventOf<'offer-answered'> }>();
  for (const event of events) {
    if (event.type === 'offer-made') {
      open.set(event.offer, { made: event });
      if (!rings.has(event.agent)) rings.set(event.agent, []);
      continue;
    }
    if (event.type !== 'offer-rang' && event.type !== 'offer-answered' && event.type !== 'offer-ended') continue;
    const ring = open.get(event.offer);
    if (ring === undefined) continue;
    if (event.type === 'offer-rang') ring.rangMs = event.at - ring.made.at;
    else if (event.type === 'offer-answered') ring.answered = event;
    else {
      const backMs = wrapUps.get(keyOf(event.agent, event.at));
      rings.get(event.agent)?.push({ ...(ring.rangMs !== undefined && { rangMs: ring.rangMs }), ...ringOver(ring.made, ring.answered, event), ...(backMs !== undefined && { backMs }) });
    }
  }
  return Object.fromEntries(rings);
}

function ringOver(made: EventOf<'offer-made'>, answered: EventOf<'offer-answered'> | undefined, { at, outcome }: EventOf<'offer-ended'>): Pick<LegFate, 'over' | 'said'> {
  if (answered !== undefined) {
    const over = { afterMs: answered.at - made.at, as: 'up' } as const;
    const afterMs = at - answered.at;
    if (outcome === 'accepted') return { over, said: { afterMs, as: answered.confirm ? '1' : 'finished' } };
    // Nobody pressed 1, or nobody knows what would have become of it.
    if (at >= answered.until || outcome === 'withdrawn' || outcome === 'answered-elsewhere') return { over };
    return { over, said: { afterMs, as: 'hung-up' } };
  }
  const over = (as: NonNullable<LegFate['over']>['as']): Pick<LegFate, 'over'> => ({ over: { afterMs: at - made.at, as } });
  switch (outcome) {
    case 'accepted':
      return over('up');
    case 'no-answer':
      return at < made.until ? over('no-answer') : {};
    case 'rejected':
    case 'busy':
    case 'unreachable':
      return over(outcome);
    default:
      // The caller left, another was quicker, or the switch lost it.
      return {};
  }
}

export function dialledIn(events: readonly VisitEvent[]): readonly LegFate[] {
  const fates: LegFate[] = [];
  let dialled: EventOf<'callback-attempted'> | undefined;
  let answered: EventOf<'callback-answered'> | undefined;
  const over = (at: number, as: NonNullable<LegFate['over']>['as'] & NonNullable<LegFate['said']>['as'] | '1' | '2' | undefined): void => {
    if (dialled === undefined) return;
    if (answered === undefined) fates.push(as === undefined || at >= dialled.until ? {} : { over: { afterMs: at - dialled.at, as: as === '1' || as === '2' ? 'up' : as } });
    else fates.push({ over: { afterMs: answered.at - dialled.at, as: 'up' }, ...(as === undefined || at >= answered.until ? {} : { said: { afterMs: at - answered.at, as } }) });
    dialled = answered = undefined;
  };
  for (const event of events) {
    if (event.type === 'callback-attempted') dialled = event;
    else if (event.type === 'callback-answered') answered ??= event;
    else if (event.type === 'callback-missed') over(event.at, event.end);
    else if (event.type === 'callback-connected' || event.type === 'contact-connected') over(event.at, '1');
    else if (event.type === 'contact-ended') over(event.at, event.reason === 'callback-declined' ? '2' : undefined);
  }
  return fates;
}
