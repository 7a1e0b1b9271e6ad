/** Which line of the configuration decided: its file and the way to it in the file. */
import { assertNever } from '../base/assert.ts';
import type { AgentId, QueueId } from '../base/ids.ts';
import type { RoutingEvent } from './decisions.ts';
import type { EventOf, LeftBecause } from './messages.ts';
import type { Centre } from './model.ts';
import { inLine } from './ranking.ts';
import type { InLine } from './ranking.ts';
import { notWidened } from './rings.ts';
import type { Verdict } from './verdict.ts';

export interface Rule {
  readonly file: 'centre.yaml' | 'queues.yaml' | 'agents.yaml';
  readonly path: readonly (string | number)[];
}

const inQueue = (queue: QueueId, ...path: Rule['path']): Rule => ({ file: 'queues.yaml', path: [queue, ...path] });
const inCentre = (...path: Rule['path']): Rule => ({ file: 'centre.yaml', path });

/** From the state just before the event; undefined where nothing of the configuration decided. */
export function ruleOf(centre: Centre, event: RoutingEvent): Rule | undefined {
  switch (event.type) {
    case 'contact-arrived':
      return event.turnedAway === undefined ? inCentre('numbers', event.dnis) : inCentre('admission');
    case 'caller-known':
      return event.vip ? inCentre('order', 'vipTiers') : undefined;
    case 'contact-queued':
      return ruleOfEntry(centre, event);
    case 'contact-turned-away':
      return ruleOfRefusal(event);
    case 'contact-left-queue':
      return ruleOfLeaving(event);
    case 'contact-held':
      return event.hold.why === 'last-agent' ? inQueue(event.queue, 'sticky') : undefined;
    case 'hold-ended':
      if (centre.contacts.get(event.contact)?.hold?.why !== 'last-agent') return undefined;
      return event.because === 'time' ? inQueue(event.queue, 'sticky', 'wait') : inQueue(event.queue, 'sticky');
    case 'contact-overflowed':
      return event.because === 'queue-removed' ? inQueue(event.queue, 'replaces') : inQueue(event.from, 'overflow');
    case 'contact-escalated':
      return inQueue(event.from, 'escalation');
    case 'contact-widened': {
      const before = inLine(centre.contacts.get(event.contact))?.state.widened ?? notWidened;
      return event.needs > before.needs ? inQueue(event.queue, 'relax', event.needs - 1) : event.level > before.level ? inQueue(event.queue, 'levelWait') : undefined;
    }
    case 'contact-requeued':
      return event.because === 'not-recorded' ? inCentre('recording', 'onFailure') : undefined;
    case 'callback-asked':
    case 'callback-connected':
      return inQueue(event.queue, 'callback');
    case 'callback-attempted':
      return inQueue(event.queue, 'callback', event.for === undefined ? 'near' : 'dial');
    case 'callback-answered':
      return inQueue(event.queue, 'callback', 'accept');
    case 'callback-missed':
      return inQueue(event.queue, 'callback', event.next === undefined ? 'tries' : 'again');
    case 'callback-due':
      return inQueue(event.queue, 'callback', 'again');
    case 'offer-made':
      if (event.kept !== undefined || event.before !== undefined) return inCentre('order');
      return centre.contacts.get(event.contact)?.hold?.why === 'last-agent' ? inQueue(event.queue, 'sticky') : inQueue(event.queue, 'strategy');
    case 'offer-answered':
      if (event.confirm) return { file: 'agents.yaml', path: [event.agent, 'mobile'] };
      return centre.routing.queues.get(event.queue)?.whisper ? inQueue(event.queue, 'whisper') : { file: 'agents.yaml', path: [event.agent, 'autoAnswer'] };
    case 'offer-ended':
      return ruleOfOutcome(event);
    case 'contact-ended':
      return endedBy(event);
    case 'hours-changed':
      return inQueue(event.queue, 'hours');
    case 'alarm-raised':
    case 'alarm-cleared':
      return inCentre('recording', 'onFailure');
    default:
      return undefined;
  }
}

/** The place that it brings with it, or the agent it is kept for; else what it is worth in this line. */
function ruleOfEntry({ contacts }: Centre, { contact, queue, merged, hold, restored, queuedAt, at }: EventOf<'contact-queued'>): Rule {
  if (merged !== undefined) return inQueue(queue, 'callback');
  if (hold?.why === 'last-agent') return inQueue(queue, 'sticky');
  const state = contacts.get(contact)?.state;
  const byKey = state?.status === 'in-flow' && state.kept !== undefined;
  return inQueue(queue, !restored && !byKey && queuedAt < at ? 'redial' : 'priority');
}

function ruleOfRefusal({ queue, reason, by }: EventOf<'contact-turned-away'>): Rule | undefined {
  switch (reason) {
    case 'closed':
      return by === undefined ? inQueue(queue, 'hours') : undefined;
    case 'full':
      return inQueue(queue, 'maxWaiting');
    case 'empty':
      return inQueue(queue, 'empty', 'joining');
    case 'diverted':
      return inQueue(queue, 'divert');
    case 'queue-removed':
      return inQueue(queue);
    default:
      return assertNever(reason);
  }
}

const ruleOfLeaving = ({ queue, because }: EventOf<'contact-left-queue'>): Rule | undefined => {
  const path = leftBy[because];
  return path && inQueue(queue, ...path);
};
const leftBy: { readonly [Because in LeftBecause]: Rule['path'] | undefined } = {
  closed: ['atClosing'], waited: ['maxWait'], empty: ['empty', 'waiting'], callback: ['callback'], key: undefined, withdrawn: undefined,
};

/** What becomes of its agent. */
function ruleOfOutcome({ queue, outcome }: EventOf<'offer-ended'>): Rule | undefined {
  if (outcome === 'no-answer') return inQueue(queue, 'ring');
  if (outcome === 'answered-elsewhere') return inQueue(queue, 'strategy');
  return outcome === 'rejected' || outcome === 'busy' || outcome === 'unreachable' ? inCentre('backOff', outcome) : undefined;
}

const endOfCallback = { 'callback-unreached': 'tries', 'callback-expired': 'expires', 'callback-declined': 'accept' } as const;
function endedBy({ queue, reason }: EventOf<'contact-ended'>): Rule | undefined {
  if (reason === 'overload' || reason === 'trunk-limit' || reason === 'caller-limit') return inCentre('admission');
  return queue !== undefined && Object.hasOwn(endOfCallback, reason) ? inQueue(queue, 'callback', endOfCallback[reason as keyof typeof endOfCallback]) : undefined;
}

export function ruleOfVerdict({ state }: InLine, agent: AgentId, verdict: Verdict): Rule | undefined {
  switch (verdict.code) {
    case 'not-in-queue':
      return { file: 'agents.yaml', path: [agent, 'queues'] };
    case 'needs-unmet': {
      const step = state.widened?.needs ?? 0;
      return step > 0 ? inQueue(state.queue, 'relax', step - 1, 'needs') : inQueue(state.queue, 'needs');
    }
    case 'kept-for-another':
      return inQueue(state.queue, 'sticky');
    case 'customer-away':
      return inQueue(state.queue, 'callback');
    case 'level-too-high':
      return inQueue(state.queue, 'levelWait');
    case 'lower-rank':
      return verdict.by === 'level' ? { file: 'agents.yaml', path: [agent, 'queues', state.queue] } : inQueue(state.queue, 'strategy');
    case 'kept':
      return inCentre('order');
    case 'resting':
      return inCentre('backOff');
    case 'not-recordable':
      return inCentre('recording', 'onFailure');
    default:
      return undefined;
  }
}
