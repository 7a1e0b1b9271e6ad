/** The end of contacts, and what it leaves their agents with. */
import { assertNever } from '../base/assert.ts';
import type { AgentId, ContactId, QueueId } from '../base/ids.ts';
import type { WrapUpMode } from '../config/agent-config.ts';
import { letGo } from './let-go.ts';
import { leavePhone } from './leave-phone.ts';
import type { ContactEnd, EndedDuring, EventOf } from './messages.ts';
import type { Contact } from './contact.ts';
import type { Centre } from './model.ts';
import { withdrawOffers } from './offers.ts';
import { isPromised } from './open-callbacks.ts';
import { stopRecording } from './recordings.ts';
import { emit } from './turn.ts';
import type { Turn } from './turn.ts';
import { waitedMs } from './waited.ts';

type Ending = Pick<EventOf<'contact-ended'>, 'by' | 'note'>;

/**
 * Ends the contact wherever it is: the offer withdrawn, the recording stopped, the agent to wrap-up. One who was promised
 * a callback only leaves the phone.
 */
export function endContact(turn: Turn, id: ContactId, reason: ContactEnd, more?: Ending): void {
  const before = turn.centre.contacts.get(id);
  if (before === undefined || before.state.status === 'closing') return;
  if (isPromised(before)) {
    const instead = leavePhone(turn, before, reason);
    return instead === undefined ? undefined : finish(turn, before, instead);
  }
  finish(turn, before, reason, more);
}

function finish(turn: Turn, before: Contact, reason: ContactEnd, more: Ending = {}): void {
  const { id } = before;
  withdrawOffers(turn, before);
  stopRecording(turn, before);
  const { state } = before;
  const times = timesOf(before, turn.at);
  emit(turn, {
    type: 'contact-ended',
    contact: id,
    reason,
    during: before.turnedAway === undefined ? duringOf(before) : 'arrival',
    ...('queue' in state ? { queue: state.queue } : {}),
    ...(state.status === 'connected' ? { agent: state.agent } : {}),
    ...times,
    ...more,
  });
  if (state.status === 'connected') beginWrapUp(turn, state.agent, id, state.queue);
  if (state.status === 'dialling' && state.for !== undefined) letGo(turn, state.for.agent);
}

/** The agent's own time after a talk; none where the queue gives none. */
export function beginWrapUp(turn: Turn, agent: AgentId, contact: ContactId, queueId: QueueId): void {
  const { mode, ms } = wrapUpOf(turn.centre, agent, queueId);
  const boxed = mode === 'time-boxed' || mode === 'time-boxed-no-early-exit';
  const asked = turn.centre.agents.get(agent)?.wantsWrapUp === true;
  const until = turn.at + (boxed ? ms : 0);
  emit(turn, {
    type: 'presence-changed',
    agent,
    from: 'talking',
    presence: { status: 'wrap-up', since: turn.at, contact, ...(boxed || (mode === 'optional' && !asked) ? { until } : {}), ...(mode === 'time-boxed-no-early-exit' ? { fixed: true } : {}) },
    because: 'talk-over',
  });
}

/** The agent's own, where there is one, else the queue's; none of a queue that is no more. */
export function wrapUpOf({ routing }: Centre, agent: AgentId, id: QueueId): { readonly mode: WrapUpMode; readonly ms: number } {
  const queue = routing.queues.get(id);
  const own = routing.agents.get(agent)?.wrapUp;
  return { mode: own?.mode ?? queue?.wrapUpMode ?? 'time-boxed', ms: own?.ms ?? queue?.wrapUpMs ?? 0 };
}

function duringOf({ state }: Contact): EndedDuring {
  switch (state.status) {
    case 'in-flow':
      return 'flow';
    case 'waiting':
    case 'offered':
      return 'queue';
    case 'callback':
    case 'dialling':
      return 'callback';
    case 'connected':
      return 'talk';
    case 'transferring':
    case 'transferred':
    case 'closing':
      return 'transfer';
    default:
      return assertNever(state);
  }
}

function timesOf(contact: Contact, at: number): { waitMs: number; talkMs: number } {
  const { state } = contact;
  if (state.status === 'connected') return { waitMs: waitedMs(contact, state.queuedAt, state.connectedAt), talkMs: at - state.connectedAt };
  if (state.status === 'transferred') return { waitMs: 0, talkMs: at - state.connectedAt };
  if ('queuedAt' in state) return { waitMs: waitedMs(contact, state.queuedAt, at), talkMs: 0 };
  return { waitMs: 0, talkMs: 0 };
}
