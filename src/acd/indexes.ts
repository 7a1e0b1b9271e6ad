/** What can be found again from contacts and agents alone, kept so that nobody searches: lines, idle lists, legs, deadlines. */
import { push } from './heap.ts';
import type { Agent, Centre, Contact } from './model.ts';
import { beforeInLine, inLine, insertSorted, longestIdle } from './ranking.ts';

/** Call after the contact was set (or removed: `after` undefined). */
export function indexContact(centre: Centre, before: Contact | undefined, after: Contact | undefined): void {
  indexPlace(centre, before, after);
  indexLegs(centre, before, after);
  if (after === undefined) return;
  const { state } = after;
  if (state.status === 'waiting') {
    const overflow = centre.routing.queues.get(state.queue)?.overflow;
    if (overflow !== undefined) push(centre.deadlines, { at: state.enteredAt + overflow.afterMs, kind: 'overflow', contact: after.id });
  }
  if (state.status === 'closing' && before?.state.status !== 'closing') push(centre.deadlines, { at: state.until, kind: 'closing', contact: after.id });
  if (state.status === 'transferring') push(centre.deadlines, { at: state.until, kind: 'transfer', contact: after.id });
}

function indexPlace(centre: Centre, before: Contact | undefined, after: Contact | undefined): void {
  const was = inLine(before);
  const is = inLine(after);
  if (was !== undefined && is !== undefined && was.state.queue === is.state.queue && beforeInLine(was, is) === 0) return;
  if (was !== undefined) {
    const line = centre.lines.get(was.state.queue);
    const index = line?.indexOf(was.id) ?? -1;
    if (index >= 0) line?.splice(index, 1);
  }
  if (is === undefined) return;
  const line = centre.lines.get(is.state.queue) ?? [];
  centre.lines.set(is.state.queue, line);
  insertSorted(line, is.id, is, (id) => inLine(centre.contacts.get(id)), beforeInLine);
}

function indexLegs(centre: Centre, before: Contact | undefined, after: Contact | undefined): void {
  for (const leg of legsOf(before)) centre.legs.delete(leg);
  for (const leg of legsOf(after)) if (after !== undefined) centre.legs.set(leg, after.id);
}

/** The legs that the contact's own state names; an offer's leg is the offer's. */
export function legsOf(contact: Contact | undefined): Contact['leg'][] {
  if (contact === undefined) return [];
  const { state } = contact;
  if (state.status === 'connected') return [contact.leg, state.agentLeg];
  if (state.status === 'transferring' || state.status === 'transferred') return [contact.leg, state.leg];
  return [contact.leg];
}

/** Call after the agent was set (or removed: `after` undefined). */
export function indexAgent(centre: Centre, before: Agent | undefined, after: Agent | undefined): void {
  if (before?.presence !== after?.presence) {
    const id = after?.id ?? before?.id;
    if (before?.presence.status === 'ready' && id !== undefined) {
      for (const idle of centre.idle.values()) {
        const index = idle.indexOf(id);
        if (index >= 0) idle.splice(index, 1);
      }
    }
    if (after?.presence.status === 'ready') {
      for (const queue of centre.routing.agents.get(after.id)?.queues ?? []) {
        const idle = centre.idle.get(queue) ?? [];
        centre.idle.set(queue, idle);
        insertSorted(idle, after.id, after, (other) => centre.agents.get(other), longestIdle);
      }
    }
    if (after?.presence.status === 'wrap-up' && after.presence.until !== undefined) push(centre.deadlines, { at: after.presence.until, kind: 'wrap-up', agent: after.id });
  }
  if (after !== undefined && after.restUntil !== 0 && before?.restUntil !== after.restUntil) push(centre.deadlines, { at: after.restUntil, kind: 'rest', agent: after.id });
}
