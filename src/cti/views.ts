/**
 * A committed event → who is shown what. Pure. Every change carries the whole new state of its subject as the centre
 * has it after the batch, so a reader that sees one twice, or a batch late, still ends up right.
 */
import type { Event, EventOf, EventType } from '../acd/messages.ts';
import type { Centre } from '../acd/model.ts';
import { offersOf } from '../acd/offers.ts';
import type { AgentId, ContactId, QueueId } from '../base/ids.ts';
import { closedAlarm, shownAlarm } from './alarms.ts';
import { liveAgentOf, liveContactOf, meOf, popOf, type RecordOf } from './figures.ts';
import type { Change } from './protocol.ts';

export interface View {
  readonly to: Audience;
  readonly change: Change;
}
export type Audience = { readonly kind: 'agent'; readonly agent: AgentId } | { readonly kind: 'supervisors' } | { readonly kind: 'everyone' };

export interface Scene {
  readonly centre: Centre;
  readonly recordOf: RecordOf;
}

export function viewsOf(event: Event, scene: Scene): readonly View[] {
  // The table is typed row by row; a union cannot be looked up in it without this cast.
  const view = table[event.type] as (event: Event, scene: Scene) => readonly View[];
  return view(event, scene);
}

const supervisors: Audience = { kind: 'supervisors' };
const nothing = (): readonly View[] => [];

const table: { readonly [Type in EventType]: (event: EventOf<Type>, scene: Scene) => readonly View[] } = {
  'contact-arrived': contactChanged,
  'flow-moved': contactChanged,
  'contact-queued': contactChanged,
  'contact-restored': (event, scene) => [...myStateOfTalker(event.contact, scene), ...contactChanged(event, scene)],
  'contact-turned-away': contactChanged,
  'contact-left-queue': contactChanged,
  'contact-told': nothing,
  'contact-overflowed': contactChanged,
  'contact-widened': nothing,
  'callback-asked': contactChanged,
  'callback-waiting': contactChanged,
  'callback-attempted': contactChanged,
  'callback-answered': contactChanged,
  'callback-missed': contactChanged,
  'callback-due': contactChanged,
  'callback-connected': contactChanged,
  'caller-known': nothing,
  'contact-held': contactChanged,
  'hold-ended': contactChanged,
  'contact-escalated': (event, scene) => [...myState(event, scene), ...contactChanged(event, scene)],
  'contact-re-prioritised': contactChanged,
  'offer-made': (event, scene) => [...pop(event.contact, event.agent, 'screen-pop', scene), ...contactChanged(event, scene)],
  'offer-rang': nothing,
  'offer-answered': (event, scene) => pop(event.contact, event.agent, 'screen-pop-updated', scene),
  'offer-ended': ({ offer, contact, outcome, agent }, scene) => [
    { to: { kind: 'agent', agent }, change: { type: 'screen-pop-withdrawn', offer, contact, outcome } },
    ...contactChanged({ contact }, scene),
  ],
  'contact-connected': (event, scene) => [...myState(event, scene), ...contactChanged(event, scene)],
  'contact-requeued': (event, scene) => [...myState(event, scene), ...contactChanged(event, scene)],
  'transfer-started': contactChanged,
  'transfer-connected': contactChanged,
  'transfer-failed': contactChanged,
  'contact-closed': nothing,
  // One that was never let in was never shown.
  'contact-ended': ({ contact, reason, during }) => during === 'arrival' ? [] : [{ to: supervisors, change: { type: 'contact-ended', contact, reason } }],
  'presence-changed': agentChanged,
  'presence-requested': agentChanged,
  'queue-joined': agentChanged,
  'queue-left': agentChanged,
  'break-asked': agentChanged,
  'break-decided': agentChanged,
  'wrap-up-requested': agentChanged,
  'rest-set': agentChanged,
  'device-changed': agentChanged,
  'disposition-set': agentChanged,
  'answer-asked': nothing,
  'recording-started': myState,
  'recording-paused': myState,
  'recording-resumed': myState,
  'recording-stopped': (event, scene) => myStateOfTalker(event.contact, scene),
  'recording-failed': (event, scene) => myStateOfTalker(event.contact, scene),
  'contact-repaired': nothing,
  'stray-removed': nothing,
  'bridge-removed': nothing,
  'switch-changed': ({ up }) => [{ to: { kind: 'everyone' }, change: { type: 'switch-changed', up } }],
  'pace-changed': nothing,
  'alarm-raised': ({ alarm: code, at: since, ...source }) => [{ to: supervisors, change: { type: 'alarm-raised', alarm: shownAlarm({ code, since, ...source }) } }],
  'alarm-cleared': ({ alarm: code, ...alarm }) => [{ to: supervisors, change: { type: 'alarm-cleared', alarm: shownAlarm({ code, ...alarm }) } }],
  'queue-closed': ({ queue }, { centre }) => {
    const closed = centre.closed.get(queue);
    return closed === undefined ? [] : [{ to: supervisors, change: { type: 'alarm-raised', alarm: closedAlarm(closed) } }];
  },
  'queue-reopened': ({ queue: id, since }) => [{ to: supervisors, change: { type: 'alarm-cleared', alarm: closedAlarm({ id, since }) } }],
  'hours-changed': nothing,
  configured: nothing,
};

function contactChanged({ contact }: { readonly contact: ContactId }, { centre }: Scene): readonly View[] {
  const found = centre.contacts.get(contact);
  const live = found && liveContactOf(found);
  return live ? [{ to: supervisors, change: { type: 'contact-changed', contact: live } }] : [];
}

function myState({ agent }: { readonly agent: AgentId }, { centre }: Scene): readonly View[] {
  const found = centre.agents.get(agent);
  return found ? [{ to: { kind: 'agent', agent }, change: { type: 'my-state', me: meOf(found, centre) } }] : [];
}

function agentChanged(event: { readonly agent: AgentId }, scene: Scene): readonly View[] {
  const found = scene.centre.agents.get(event.agent);
  if (!found) return [];
  return [...myState(event, scene), { to: supervisors, change: { type: 'agent-changed', agent: liveAgentOf(found, scene.centre) } }];
}

function myStateOfTalker(contact: ContactId, scene: Scene): readonly View[] {
  const state = scene.centre.contacts.get(contact)?.state;
  return state?.status === 'connected' ? myState({ agent: state.agent }, scene) : [];
}

function pop(contact: ContactId, agent: AgentId, type: 'screen-pop' | 'screen-pop-updated', { centre, recordOf }: Scene): readonly View[] {
  const screenPop = popOf(contact, agent, centre, recordOf);
  return screenPop ? [{ to: { kind: 'agent', agent }, change: { type, screenPop } }] : [];
}

/** The look-up came back: whoever has the contact on the screen now gets the card again, whole. */
export function recordViews(contact: ContactId, scene: Scene): readonly View[] {
  const found = scene.centre.contacts.get(contact);
  if (found === undefined) return [];
  const agents = found.state.status === 'connected' ? [found.state.agent] : found.state.status === 'dialling' ? (found.state.for === undefined ? [] : [found.state.for.agent]) : offersOf(scene.centre, found).map(({ agent }) => agent);
  return agents.flatMap((agent) => pop(contact, agent, 'screen-pop-updated', scene));
}

/** The queues whose figures the event may have moved. */
export function queuesTouched(event: Event, { routing }: Centre): readonly QueueId[] {
  switch (event.type) {
    case 'contact-queued':
    case 'callback-waiting':
    case 'contact-left-queue':
    case 'contact-connected':
    case 'contact-requeued':
    case 'offer-made':
    case 'offer-ended':
      return [event.queue];
    case 'contact-restored':
      return event.state.status === 'connected' ? [event.state.queue] : [];
    case 'contact-escalated':
    case 'contact-overflowed':
      return [event.from, event.queue];
    case 'contact-ended':
      return event.queue === undefined ? [] : [event.queue];
    case 'queue-joined':
    case 'queue-left':
    case 'queue-closed':
    case 'queue-reopened':
    case 'hours-changed':
      return [event.queue];
    case 'presence-changed':
      return routing.agents.get(event.agent)?.queues ?? [];
    default:
      return [];
  }
}
