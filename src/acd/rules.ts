/** Which line of the configuration decided: its file and the way to it in the file. */
import type { AgentId, QueueId } from '../base/ids.ts';
import type { RoutingEvent } from './explain.ts';
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
    case 'contact-queued':
      return inQueue(event.queue, 'priority');
    case 'contact-turned-away':
      if (event.reason === 'closed') return event.by === undefined ? inQueue(event.queue, 'hours') : undefined;
      return event.reason === 'full' ? inQueue(event.queue, 'maxWaiting') : event.reason === 'empty' ? inQueue(event.queue, 'empty', 'joining') : inQueue(event.queue);
    case 'contact-left-queue':
      if (event.because === 'closed') return inQueue(event.queue, 'atClosing');
      return event.because === 'waited' ? inQueue(event.queue, 'maxWait') : event.because === 'empty' ? inQueue(event.queue, 'empty', 'waiting') : undefined;
    case 'callback-asked':
    case 'callback-connected':
      return inQueue(event.queue, 'callback');
    case 'callback-attempted':
      return inQueue(event.queue, 'callback', event.for === undefined ? 'near' : 'dial');
    case 'callback-missed':
      return inQueue(event.queue, 'callback', event.next === undefined ? 'tries' : 'again');
    case 'contact-held':
      return event.hold.why === 'last-agent' ? inQueue(event.queue, 'sticky') : undefined;
    case 'contact-overflowed':
      return event.because === 'queue-removed' ? inQueue(event.queue, 'replaces') : inQueue(event.from, 'overflow');
    case 'contact-widened': {
      const before = inLine(centre.contacts.get(event.contact))?.state.widened ?? notWidened;
      return event.needs > before.needs ? inQueue(event.queue, 'relax', event.needs - 1) : event.level > before.level ? inQueue(event.queue, 'levelWait') : undefined;
    }
    case 'offer-made':
      return inQueue(event.queue, 'strategy');
    case 'offer-ended':
      return event.outcome === 'no-answer' ? inQueue(event.queue, 'ring') : undefined;
    case 'contact-arrived':
      return event.turnedAway === undefined ? inCentre('numbers', event.dnis) : inCentre('admission');
    default:
      return undefined;
  }
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
