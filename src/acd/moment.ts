/**
 * The centre as it was at a moment of the past: the events up to then, applied by the writer that made the state the
 * first time. It decides nothing, so what falls due in it only tells who is left alone no longer.
 */
import { agentId } from '../base/ids.ts';
import type { AgentId, ContactId } from '../base/ids.ts';
import { splitId } from '../base/journal-id.ts';
import { alarmKey } from './alarms.ts';
import { applyRouting } from './apply-routing.ts';
import { apply } from './apply.ts';
import { nothingTouched } from './touched.ts';
import { emptyCentre, newAgent } from './centre.ts';
import { indexFree } from './floor.ts';
import { popDue } from './heap.ts';
import { indexAgent } from './indexes.ts';
import type { Event, JournalEvent } from './messages.ts';
import type { Centre, Routing } from './model.ts';

export interface Moment {
  readonly centre: Centre;
  /** The newest event that is in it; '0-0' before the first. */
  position: string;
  /** Of the configuration that held then. Not that of `centre.routing` where nobody knows it any more. */
  version: string;
  /** Contacts whose events could not be followed, as when the first of them are missing. */
  readonly leftOut: Set<ContactId>;
  readonly routings: RoutingsByVersion;
  /** What the process that decided then has seen itself: phones and alarms of the one before are forgotten with it. */
  own: { readonly epoch: number; readonly phones: Set<AgentId>; readonly alarms: Set<string>; begun: boolean };
}

export type RoutingsByVersion = (version: string) => Routing | undefined;

/** Before the first event. `routing` stands in for those that nobody knows. */
export function beginning(routing: Routing, routings: RoutingsByVersion, version: string = routing.version): Moment {
  const centre = emptyCentre(routings(version) ?? routing, 0);
  for (const id of centre.routing.agents.keys()) centre.agents.set(id, newAgent(id, 0));
  return { centre, position: '0-0', version, leftOut: new Set(), routings, own: newProcess(0) };
}

const newProcess = (epoch: number): Moment['own'] => ({ epoch, phones: new Set(), alarms: new Set(), begun: false });

/** Time goes on to the event, and is then as just before it. */
export function comeTo(moment: Moment, at: number): void {
  const { centre } = moment;
  centre.at = Math.max(centre.at, at);
  for (let due = popDue(centre.deadlines, centre.at); due !== undefined; due = popDue(centre.deadlines, centre.at)) if (due.kind === 'rest') indexFree(centre, due.agent);
}

export function follow(moment: Moment, { id, event }: JournalEvent): void {
  comeTo(moment, event.at);
  moment.position = id;
  const { epoch } = splitId(id);
  if (epoch !== moment.own.epoch) moment.own = newProcess(epoch);
  if ('contact' in event && moment.leftOut.has(event.contact)) return;
  note(moment, event);
  const { centre } = moment;
  if ('agent' in event && event.agent !== undefined && !centre.agents.has(event.agent)) centre.agents.set(agentId(event.agent), newAgent(agentId(event.agent), event.at));
  try {
    apply(centre, event, nothingTouched());
  } catch (error) {
    // A broken promise of apply.ts: something that should have come before did not.
    if (!('contact' in event)) throw error;
    moment.leftOut.add(event.contact);
    centre.contacts.delete(event.contact);
  }
}

function note(moment: Moment, event: Event): void {
  switch (event.type) {
    case 'device-changed':
      moment.own.phones.add(event.agent);
      return;
    case 'alarm-raised':
      moment.own.alarms.add(alarmKey(event.alarm, event));
      return;
    case 'configured':
      return takeRouting(moment, event.version);
    case 'switch-changed':
      if (event.version !== undefined) takeRouting(moment, event.version);
      return switchChanged(moment, event.up);
    default:
      return;
  }
}

function takeRouting(moment: Moment, version: string): void {
  if (version === moment.version) return;
  moment.version = version;
  const routing = moment.routings(version);
  if (routing !== undefined) applyRouting(moment.centre, routing, nothingTouched());
}

/** A switch that comes up first of all was found by a new process; one that goes first belonged to this one before. */
function switchChanged({ centre, own }: Moment, up: boolean): void {
  const found = up && !own.begun;
  own.begun = true;
  if (!found) return;
  for (const agent of centre.agents.values()) {
    if (own.phones.has(agent.id)) continue;
    const forgotten = { ...agent, device: 'unknown' } as const;
    centre.agents.set(agent.id, forgotten);
    indexAgent(centre, agent, forgotten);
  }
  for (const key of centre.alarms.keys()) if (!own.alarms.has(key)) centre.alarms.delete(key);
}
