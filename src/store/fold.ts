/**
 * What an event means for the rows: pure, and never a look at what is there, so that any split of the journal into
 * batches gives the same rows. How the changes are written is in merge-changes.ts and batch-statement.ts.
 */
import { assertNever } from '../base/assert.ts';
import type { EventOf, JournalEvent } from '../acd/messages.ts';
import type { PathStep } from '../acd/contact.ts';
import type { AgentIntervalTable, ContactTable, LegTable, OfferTable, RecordingTable } from './tables.ts';
import { splitId } from '../base/journal-id.ts';
import { normaliseNumber } from './phone-number.ts';

type Without<Table, Keys extends keyof Table> = Partial<Omit<Table, Keys | 'centre' | 'id' | 'contact'>>;

export type RowChange =
  | { readonly row: 'contact'; readonly id: string; readonly add: Pick<ContactTable, 'ani' | 'dnis' | 'number' | 'language' | 'flow' | 'flow_version' | 'arrived_at'> }
  /** `set` overwrites, `first` fills what is still null, `walked` is put behind the path. */
  | { readonly row: 'contact'; readonly id: string; readonly set: ContactSet; readonly first?: ContactSet; readonly walked?: readonly PathStep[]; readonly data?: Readonly<Record<string, string>> }
  | ({ readonly row: 'leg'; readonly id: string; readonly add: Pick<LegTable, 'agent' | 'number' | 'started_at'> } & LegOf)
  | ({ readonly row: 'leg'; readonly id: string; readonly set: Without<LegTable, 'role'> } & LegOf)
  /** All legs of the contact, or only those of one role, that are still open; `but` for one. */
  | { readonly row: 'open-legs'; readonly contact: string; readonly role?: LegTable['role']; readonly but?: string; readonly set: Pick<LegTable, 'ended_at' | 'end_reason'> }
  | { readonly row: 'offer'; readonly id: string; readonly contact: string; readonly add: Pick<OfferTable, 'agent' | 'queue' | 'leg' | 'made_at' | 'wait_ms'> }
  | { readonly row: 'offer'; readonly id: string; readonly contact: string; readonly set: Without<OfferTable, 'agent' | 'queue' | 'leg'> }
  /** All offers of the contact that are still open. */
  | { readonly row: 'open-offers'; readonly contact: string; readonly set: Pick<OfferTable, 'ended_at' | 'outcome'> }
  /** The agent's open interval ends where this one begins. */
  | { readonly row: 'interval'; readonly add: Omit<AgentIntervalTable, 'centre' | 'to_at'> }
  | { readonly row: 'recording'; readonly id: string; readonly add: Pick<RecordingTable, 'contact' | 'agent' | 'queue' | 'started_at'> }
  /** Never on one that is finalised already: its file is made, whatever is said late. */
  | { readonly row: 'recording'; readonly id: string; readonly set: Pick<RecordingTable, 'status'> & Without<RecordingTable, 'status'> };

type LegOf = Pick<LegTable, 'contact' | 'role'>;
type ContactSet = Partial<Omit<ContactTable, 'centre' | 'id' | 'path' | 'data' | 'arrived_at'>>;

export interface FoldSettings {
  /** Answered within this is in time; undefined for a queue that the configuration does not know (any more). */
  readonly serviceLevelMs: (queue: string) => number | undefined;
  /** How the caller's number of an event is looked for later; sealed where the journal's events are. */
  readonly numberOf?: (ani: string) => string;
}

export function fold({ id, event }: JournalEvent, settings: FoldSettings): readonly RowChange[] {
  const at = new Date(event.at);
  switch (event.type) {
    case 'contact-arrived':
      return arrived(event, at, settings);
    case 'flow-moved':
      return [{ row: 'contact', id: event.contact, set: { language: event.language }, walked: event.path, data: event.data }];
    case 'contact-queued':
      return [
        { row: 'contact', id: event.contact, set: { queue: event.queue, priority: event.priority }, first: { queued_at: new Date(event.queuedAt) } },
        ...(event.restored ? nobodyElse(event.contact, at) : []),
      ];
    case 'contact-restored':
      return restored(event, at, settings);
    case 'contact-overflowed':
    case 'contact-re-prioritised':
      return [{ row: 'contact', id: event.contact, set: { queue: event.queue, priority: event.priority } }];
    case 'callback-asked':
      return [{ row: 'contact', id: event.contact, set: { callback_at: at } }];
    case 'callback-waiting':
      return [{ row: 'open-legs', contact: event.contact, role: 'caller', set: { ended_at: at, end_reason: event.reason } }];
    case 'callback-attempted':
      return [{ row: 'leg', id: event.leg, contact: event.contact, role: 'callback', add: { agent: null, number: event.number, started_at: at } }];
    case 'callback-missed':
      return [{ row: 'leg', id: event.leg, contact: event.contact, role: 'callback', set: { ended_at: at, end_reason: event.end } }, { row: 'open-legs', contact: event.contact, role: 'agent', set: { ended_at: at, end_reason: 'callback-missed' } }];
    case 'callback-connected':
      return [{ row: 'leg', id: event.leg, contact: event.contact, role: 'callback', set: { answered_at: at } }];
    case 'contact-requeued':
      return requeued(event, at);
    case 'contact-escalated':
      return escalated(event, at);
    case 'offer-made':
      return offered(event, at);
    case 'offer-rang':
      return [{ row: 'offer', id: event.offer, contact: event.contact, set: { rang_at: at } }];
    case 'offer-ended':
      return offerEnded(event, at);
    case 'contact-connected':
      return connected(event, at, settings);
    case 'transfer-started':
      return [{ row: 'leg', id: event.leg, contact: event.contact, role: 'transfer', add: { agent: null, number: event.to.number, started_at: at } }];
    case 'transfer-connected':
      return [{ row: 'leg', id: event.leg, contact: event.contact, role: 'transfer', set: { answered_at: at } }];
    case 'transfer-failed':
      return [{ row: 'leg', id: event.leg, contact: event.contact, role: 'transfer', set: { ended_at: at, end_reason: event.end } }];
    case 'contact-ended':
      return ended(event, at);
    case 'presence-changed':
      return presence(id, event, at);
    case 'disposition-set':
      return [{ row: 'contact', id: event.contact, set: { disposition_code: event.disposition.code, disposition_note: event.disposition.note } }];
    case 'recording-started':
      return [{ row: 'recording', id: event.recording, add: { contact: event.contact, agent: event.agent, queue: event.queue, started_at: at } }];
    case 'recording-stopped':
      return [{ row: 'recording', id: event.recording, set: { status: 'stopped', stopped_at: at } }];
    case 'recording-failed':
      return [{ row: 'recording', id: event.recording, set: { status: 'failed', stopped_at: at, reason: event.detail } }];
    // In call_event, and in no row: they change nothing that a person asks a report for.
    case 'contact-turned-away':
    case 'contact-left-queue':
    case 'contact-widened':
    case 'callback-answered':
    case 'callback-due':
    case 'contact-told':
    case 'offer-answered':
    case 'presence-requested':
    case 'caller-known':
    case 'contact-held':
    case 'hold-ended':
    case 'queue-joined':
    case 'queue-left':
    case 'break-asked':
    case 'break-decided':
    case 'wrap-up-requested':
    case 'rest-set':
    case 'device-changed':
    case 'answer-asked':
    case 'recording-paused':
    case 'recording-resumed':
    case 'contact-repaired':
    case 'contact-closed':
    case 'stray-removed':
    case 'bridge-removed':
    case 'switch-changed':
    case 'pace-changed':
    case 'alarm-raised':
    case 'alarm-cleared':
    case 'queue-closed':
    case 'queue-reopened':
    case 'hours-changed':
    case 'configured':
      return [];
    default:
      return assertNever(event);
  }
}

function arrived(event: EventOf<'contact-arrived'>, at: Date, { numberOf = normaliseNumber }: FoldSettings): RowChange[] {
  const { contact, leg, ani, dnis, language, flow, version } = event;
  const number = numberOf(ani);
  return [
    { row: 'contact', id: contact, add: { ani, dnis, number, language, flow, flow_version: version, arrived_at: at } },
    { row: 'leg', id: leg, contact, role: 'caller', add: { agent: null, number, started_at: at } },
  ];
}

/** What was going on when all was forgotten: no event will say how it ended. */
const nobodyElse = (contact: string, at: Date, but?: string): RowChange[] => [
  { row: 'open-legs', contact, role: 'agent', set: { ended_at: at, end_reason: 'lost' }, ...(but === undefined ? {} : { but }) },
  { row: 'open-offers', contact, set: { ended_at: at, outcome: 'lost' } },
];

function restored({ contact, state }: EventOf<'contact-restored'>, at: Date, settings: FoldSettings): RowChange[] {
  const answeredAt = new Date(state.connectedAt);
  const answer = (id: string, role: LegTable['role'], agent: string | null): RowChange[] => [
    { row: 'leg', id, contact, role, add: { agent, number: null, started_at: answeredAt } },
    { row: 'leg', id, contact, role, set: { answered_at: answeredAt } },
  ];
  if (state.status === 'transferred') return answer(state.leg, 'transfer', null);
  const { queue, priority, agent, agentLeg, connectedAt, queuedAt } = state;
  const first = { queued_at: new Date(queuedAt), connected_at: answeredAt, ...inTimeOf(queue, connectedAt - queuedAt, settings) };
  return [{ row: 'contact', id: contact, set: { queue, priority, agent }, first }, ...answer(agentLeg, 'agent', agent), ...nobodyElse(contact, at, agentLeg)];
}

function inTimeOf(queue: string, waitMs: number, { serviceLevelMs }: FoldSettings): Pick<ContactTable, 'wait_ms' | 'in_time'> {
  const withinMs = serviceLevelMs(queue);
  return { wait_ms: waitMs, in_time: withinMs === undefined ? null : waitMs <= withinMs };
}

/** An agent who talked and was lost had answered; one whom the caller could not be joined to had not. */
function requeued(event: EventOf<'contact-requeued'>, at: Date): RowChange[] {
  const unanswered: ContactSet = event.because === 'connect-failed' ? { connected_at: null, wait_ms: null, in_time: null } : {};
  return [
    { row: 'contact', id: event.contact, set: { agent: null, ...unanswered } },
    { row: 'open-legs', contact: event.contact, role: 'agent', set: { ended_at: at, end_reason: event.because } },
  ];
}

/** It was answered; who answers next is the agent of the row. */
function escalated({ contact, queue, priority }: EventOf<'contact-escalated'>, at: Date): RowChange[] {
  return [
    { row: 'contact', id: contact, set: { agent: null, queue, priority } },
    { row: 'open-legs', contact, role: 'agent', set: { ended_at: at, end_reason: 'escalated' } },
  ];
}

function offered(event: EventOf<'offer-made'>, at: Date): RowChange[] {
  const { offer, contact, agent, queue, leg, waitMs } = event;
  return [
    { row: 'offer', id: offer, contact, add: { agent, queue, leg, made_at: at, wait_ms: waitMs } },
    { row: 'leg', id: leg, contact, role: 'agent', add: { agent, number: null, started_at: at } },
  ];
}

/** The agent's leg is the offer's; it goes on only when the offer was accepted. */
function offerEnded(event: EventOf<'offer-ended'>, at: Date): RowChange[] {
  const { offer, contact, outcome, ringMs, leg } = event;
  const change: RowChange = { row: 'offer', id: offer, contact, set: { ended_at: at, outcome, ring_ms: ringMs } };
  if (outcome === 'accepted') return [change];
  const set = { ended_at: at, end_reason: outcome };
  // Where no leg is named, it was the contact's only one.
  return [change, leg === undefined ? { row: 'open-legs', contact, role: 'agent', set } : { row: 'leg', id: leg, contact, role: 'agent', set }];
}

function connected(event: EventOf<'contact-connected'>, at: Date, settings: FoldSettings): RowChange[] {
  const { contact, queue, agent, leg, waitMs } = event;
  return [
    { row: 'contact', id: contact, set: { queue, agent }, first: { connected_at: at, ...inTimeOf(queue, waitMs, settings) } },
    { row: 'leg', id: leg, contact, role: 'agent', set: { answered_at: at } },
  ];
}

function ended(event: EventOf<'contact-ended'>, at: Date): RowChange[] {
  const { contact, reason, during, queue, agent, waitMs, talkMs } = event;
  return [
    {
      row: 'contact', id: contact,
      // Whoever called or asked again counts, from when this one queued.
      set: { ended_at: at, reason, during, talk_ms: talkMs, ...(reason === 'callback-merged' ? { queued_at: null } : {}), ...(queue === undefined ? {} : { queue }), ...(agent === undefined ? {} : { agent }) },
      first: { wait_ms: waitMs, ...(during === 'queue' ? { in_time: false } : {}) },
    },
    { row: 'open-legs', contact, set: { ended_at: at, end_reason: reason } },
  ];
}

function presence(id: string, { agent, presence }: EventOf<'presence-changed'>, at: Date): RowChange[] {
  const { epoch, seq } = splitId(id);
  const { status } = presence;
  const reason = status === 'paused' ? presence.reason : null;
  const contact = status === 'talking' || status === 'wrap-up' ? presence.contact : null;
  return [{ row: 'interval', add: { agent, epoch, seq, status, reason, contact, from_at: at } }];
}
