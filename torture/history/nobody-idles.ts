/** Nobody waits while an agent is free: the two never last longer together than a moment, but in a fault. */
import type { CallEventRow } from '../../src/store/tables.ts';
import { statusIn } from './answers-kept.ts';
import { at, type History, type Violation } from './history.ts';
import { outsideFaultsMs } from './outside-faults.ts';

/** A decision takes under a millisecond; a loaded machine of two cores may let the process wait. */
export const idleMsMax = 1_000;

interface Free {
  status: string;
  device: string;
  restUntil: number;
  since: number | undefined;
}

export function nobodyIdles({ events, agents, faults }: History): Violation[] {
  const begins = events[0] === undefined ? 0 : at(events[0]);
  const free = new Map<string, Free>(agents.map(({ agent, status, device }) => [agent, { status, device, restUntil: 0, since: isFree(status, device) ? begins : undefined }]));
  const waits = new Map<string, number>();
  const found: Violation[] = [];
  /** Looked at when one of the two ceases. */
  const met = (agent: string, since: number, contact: string, waiting: number, until: number): void => {
    const from = Math.max(since, waiting, free.get(agent)?.restUntil ?? 0);
    const ms = outsideFaultsMs(faults, from, until);
    if (ms > idleMsMax) found.push({ rule: 'waited beside a free agent', at: until, contacts: [contact], agents: [agent], what: `${contact} waited ${ms} ms while ${agent} was free` });
  };
  for (const event of events) {
    for (const [contact, waiting] of changeOfLine(event, waits)) {
      for (const [agent, { since }] of free) if (since !== undefined) met(agent, since, contact, waiting, at(event));
    }
    const agent = free.get(event.agent ?? '');
    if (agent === undefined) continue;
    const was = { since: agent.since };
    if (event.type === 'presence-changed') agent.status = statusIn(event.body['presence']) ?? '';
    if (event.type === 'device-changed') agent.device = String(event.body['device']);
    const is = isFree(agent.status, agent.device);
    if (was.since !== undefined && !is) for (const [contact, waiting] of waits) met(event.agent ?? '', was.since, contact, waiting, at(event));
    if (event.type === 'rest-set') agent.restUntil = Number(event.body['until']);
    agent.since = is ? (was.since ?? at(event)) : undefined;
  }
  return found;
}

const isFree = (status: string, device: string): boolean => status === 'ready' && (device === 'idle' || device === 'unknown');

/** Whose waiting is over with this event, and since when it was. */
function changeOfLine(event: CallEventRow, waits: Map<string, number>): readonly (readonly [string, number])[] {
  const contact = event.contact ?? '';
  const since = waits.get(contact);
  switch (event.type) {
    case 'contact-queued':
    case 'contact-requeued':
    case 'contact-escalated':
      waits.set(contact, at(event));
      return [];
    case 'offer-ended':
      // One that names its leg was one of several, and the others ring on.
      if (event.body['outcome'] !== 'accepted' && event.body['leg'] === undefined) waits.set(contact, at(event));
      return [];
    case 'offer-made':
    case 'contact-ended':
      waits.delete(contact);
      return since === undefined ? [] : [[contact, since]];
    default:
      return [];
  }
}
