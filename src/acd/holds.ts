/** Callers who wait for one agent for a while: the one of last time (来电记忆), or the one whose number they gave. */
import type { AgentId, ContactId, QueueId } from '../base/ids.ts';
import { memo } from '../base/memo.ts';
import { dutiesOf } from './duties.ts';
import type { CallerKnown, EventOf, FlowExit } from './messages.ts';
import type { Refusal } from './commands.ts';
import type { Contact, Hold } from './contact.ts';
import type { Centre, Routing } from './model.ts';
import { inLine } from './ranking.ts';
import { emit } from './turn.ts';
import type { Turn } from './turn.ts';
import { isMetBy, wantOf } from './wants.ts';

/** So long the records may take while the caller is in line; nobody waits for a database that does not answer. */
export const recordsMs = 300;

/** Whom the caller is to wait for in this queue; for nobody who could not come. */
export function holdIn({ centre, at }: Turn, contact: Contact, queue: QueueId, asked: Extract<FlowExit, { to: 'queue' }>['agent']): Hold | undefined {
  if (asked !== undefined && mayCome(centre, asked.id, queue)) return { for: asked.id, until: at + asked.waitMs, why: 'direct' };
  const sticky = centre.routing.queues.get(queue)?.sticky;
  if (sticky === undefined) return undefined;
  if (contact.last === undefined) return { for: null, until: at + recordsMs, why: 'last-agent' };
  return lastAgent(centre, contact, queue, at);
}

function lastAgent(centre: Centre, { last }: Pick<Contact, 'last'>, queue: QueueId, at: number): Hold | undefined {
  const sticky = centre.routing.queues.get(queue)?.sticky;
  if (sticky === undefined || last === undefined || last === null || at - last.at > sticky.withinMs || !mayCome(centre, last.agent, queue)) return undefined;
  return { for: last.agent, until: at + sticky.waitMs, why: 'last-agent' };
}

/** Kept only where it counts: of each call it would be an event that nobody reads. */
export function callerKnown(turn: Turn, { contact: id, last, tier = null }: CallerKnown): Refusal | undefined {
  const { centre, at } = turn;
  const contact = centre.contacts.get(id);
  if (contact === undefined) return { code: 'unknown-contact' };
  const vip = tier !== null && centre.routing.centre.order.vipTiers.includes(tier);
  if ((!vip && !isAsked(centre.routing)) || contact.last !== undefined || contact.state.status === 'closing') return { code: 'nothing-to-do' };
  emit(turn, { type: 'caller-known', contact: id, last, ...(vip && { vip }) });
  if (contact.hold?.for !== null || contact.state.status !== 'waiting') return undefined;
  const { queue } = contact.state;
  const hold = lastAgent(centre, { last }, queue, at);
  if (hold !== undefined) emit(turn, { type: 'contact-held', contact: id, queue, hold });
  else endHold(turn, id, 'nobody-known');
  return undefined;
}

const isAsked = memo(({ queues }: Routing): boolean => [...queues.values()].some(({ sticky }) => sticky !== undefined));

/** The deadline of a hold; it may be another one by now. */
export function holdDue(turn: Turn, id: ContactId): void {
  const contact = turn.centre.contacts.get(id);
  if (contact?.hold !== undefined && contact.hold.until <= turn.at) endHold(turn, id, 'time');
}

/** An agent who has gone, or would not take it, is waited for no longer. */
export function endHolds(turn: Turn, since: number): void {
  const { centre } = turn;
  if (centre.held.size === 0) return;
  for (const event of turn.events.slice(since)) {
    if (event.type === 'offer-ended' && (event.outcome === 'no-answer' || event.outcome === 'rejected') && centre.contacts.get(event.contact)?.hold?.for === event.agent) endHold(turn, event.contact, 'declined');
    else if (event.type === 'queue-left' || (event.type === 'presence-changed' && event.presence.status === 'offline')) leave(turn, event.agent);
    else if (event.type === 'configured') for (const agent of [...centre.held.keys()]) leave(turn, agent);
  }
}

function leave(turn: Turn, agent: AgentId): void {
  for (const id of [...(turn.centre.held.get(agent) ?? [])]) {
    const waiting = inLine(turn.centre.contacts.get(id));
    if (waiting !== undefined && !mayHave(turn.centre, agent, waiting)) endHold(turn, id, 'agent-away');
  }
}

function endHold(turn: Turn, id: ContactId, because: EventOf<'hold-ended'>['because']): void {
  const waiting = inLine(turn.centre.contacts.get(id));
  if (waiting?.hold !== undefined) emit(turn, { type: 'hold-ended', contact: id, queue: waiting.state.queue, because });
}

/** Signed in, and in this queue; whether free now is another matter. */
function mayCome(centre: Centre, agent: AgentId, queue: QueueId): boolean {
  const status = centre.agents.get(agent)?.presence.status;
  return status !== undefined && status !== 'offline' && dutiesOf(centre, agent).some((duty) => duty.queue === queue);
}

/** And is good for what the contact wants. */
export function mayHave(centre: Centre, agent: AgentId, contact: ReturnType<typeof inLine> & {}): boolean {
  const profile = centre.floor.profiles.get(agent);
  return profile !== undefined && mayCome(centre, agent, contact.state.queue) && isMetBy(wantOf(centre, contact), profile);
}
