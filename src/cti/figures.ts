/** The centre → what is shown of it. Pure, and each answer is whole, so that showing one twice is harmless. */
import { closedNow } from '../acd/closed.ts';
import { standingIn } from '../acd/lines.ts';
import { offersOf } from '../acd/offers.ts';
import { wrapUpOf } from '../acd/talk.ts';
import { expertsFor } from '../acd/escalate.ts';
import type { Agent, Presence } from '../acd/agent.ts';
import type { Contact } from '../acd/contact.ts';
import type { Centre } from '../acd/model.ts';
import { assertNever } from '../base/assert.ts';
import type { AgentId, ContactId, QueueId } from '../base/ids.ts';
import type { Text } from '../base/text.ts';
import { frontLevel, levelIn } from '../config/agent-config.ts';
import type { CentreSettings } from '../config/centre-config.ts';
import type { CallerRecord } from './desk.ts';
import type { CentreCard, LiveAgent, LiveContact, Me, QueueFigures, ScreenPop, ShownPresence } from './shapes.ts';

/** What a screen-pop knows beside the contact itself. */
export type RecordOf = (contact: ContactId) => CallerRecord | undefined;

export function meOf(agent: Agent, centre: Centre): Me {
  return {
    agent: agent.id,
    presence: shownPresence(agent.presence),
    device: agent.device,
    // Not the phone that is rung, where a mobile is.
    remoteAnswer: (agent.remoteAnswer ?? false) && centre.routing.agents.get(agent.id)?.mobile === undefined,
    then: agent.then ?? null,
    queues: (centre.routing.agents.get(agent.id)?.queues ?? []).map((queue) => ({ queue, name: { ...queueName(queue, centre) }, level: levelOf(agent, queue, centre), joined: agent.outOf?.includes(queue) !== true })),
    asked: agent.asked ? { ...agent.asked } : null,
    wantsWrapUp: agent.wantsWrapUp ?? false,
    rest: agent.restUntil > centre.at ? { until: agent.restUntil, because: agent.restBecause ?? null } : null,
    call: callOf(agent, centre),
  };
}

function levelOf({ id }: Agent, queue: QueueId, { routing }: Centre): number {
  const config = routing.agents.get(id);
  return config === undefined ? frontLevel.level : levelIn(config, queue).level;
}

function callOf({ id: agent, presence }: Agent, centre: Centre): Me['call'] {
  if (presence.status !== 'talking') return null;
  const contact = centre.contacts.get(presence.contact);
  if (contact?.state.status === 'dialling') return { contact: contact.id, queue: contact.state.queue, ani: contact.ani, connectedAt: presence.since, dialling: true, wrapUp: wrapUpOf(centre, agent, contact.state.queue).mode, experts: null, recording: 'off' };
  if (contact?.state.status !== 'connected') return null;
  const { queue, connectedAt, recording, unrecorded } = contact.state;
  const recorded = recording === undefined ? (unrecorded === undefined ? 'off' : 'failed') : recording.paused ? 'paused' : 'on';
  const experts = expertsFor(centre, contact, queue);
  return { contact: contact.id, queue, ani: contact.ani, connectedAt, dialling: false, wrapUp: wrapUpOf(centre, agent, queue).mode, experts: experts === undefined ? null : { queue: experts, name: { ...queueName(experts, centre) } }, recording: recorded };
}

export function liveAgentOf(agent: Agent, centre: Centre): LiveAgent {
  const config = centre.routing.agents.get(agent.id);
  return {
    agent: agent.id,
    name: config?.name ?? { zh: agent.id, en: agent.id },
    team: config?.team ?? '',
    presence: shownPresence(agent.presence),
    device: agent.device,
    outOf: [...(agent.outOf ?? [])],
    asked: agent.asked ? { ...agent.asked } : null,
  };
}

/** Null once the contact is ended: what is kept of it until its leg is gone is not for show. */
export function liveContactOf({ state, ...contact }: Contact): LiveContact | null {
  if (state.status === 'closing') return null;
  const place = 'queue' in state ? state : undefined;
  return {
    contact: contact.id,
    ani: contact.ani,
    dnis: contact.dnis,
    language: contact.language,
    arrivedAt: contact.arrivedAt,
    status: state.status,
    node: contact.path.at(-1)?.node ?? null,
    queue: place?.queue ?? null,
    queuedAt: place?.queuedAt ?? null,
    heldFor: contact.hold?.for ?? null,
    priority: place?.priority ?? null,
    agent: agentOf(state),
    callback: callbackOf({ state, ...contact }),
  };
}

/** Who talks to the customer, or waits on the phone while he is dialled. */
const agentOf = (state: Contact['state']): AgentId | null => (state.status === 'connected' ? state.agent : state.status === 'dialling' ? (state.for?.agent ?? null) : null);

function callbackOf({ callback, state }: Contact): LiveContact['callback'] {
  if (callback === undefined) return null;
  const { number, askedAt, until, attempts, reachedAt = null } = callback;
  return { number, askedAt, until, attempts, next: state.status === 'callback' ? (state.rests ?? null) : null, reachedAt };
}

/** All asked-for queues in one pass over the agents, whatever the number of queues. */
export function queueFigures(centre: Centre, queues: Iterable<QueueId>): QueueFigures[] {
  const byQueue = new Map<QueueId, QueueFigures>();
  for (const queue of queues) byQueue.set(queue, emptyFigures(queue, centre));
  for (const agent of centre.agents.values()) {
    for (const queue of centre.routing.agents.get(agent.id)?.queues ?? []) {
      const figures = byQueue.get(queue);
      // Signed out of this one alone is as good as not there.
      if (figures) figures.agents[agent.outOf?.includes(queue) ? 'offline' : countedAs[agent.presence.status]] += 1;
    }
  }
  return [...byQueue.values()];
}

const countedAs: { readonly [Status in Presence['status']]: keyof QueueFigures['agents'] } = {
  offline: 'offline', ready: 'ready', paused: 'paused', offered: 'offered', talking: 'talking', 'wrap-up': 'wrapUp',
};

function emptyFigures(queue: QueueId, centre: Centre): QueueFigures {
  const line = standingIn(centre, queue);
  let longestSince: number | null = null;
  let callbacks = 0;
  for (const contact of line) {
    const state = centre.contacts.get(contact)?.state;
    if (state?.status === 'callback' || state?.status === 'dialling') {
      callbacks += 1;
      continue;
    }
    if (state && 'queuedAt' in state) longestSince = Math.min(longestSince ?? state.queuedAt, state.queuedAt);
  }
  return {
    queue,
    name: queueName(queue, centre),
    waiting: line.length - callbacks,
    callbacks,
    closed: closedOf(queue, centre),
    longestSince,
    agents: { ready: 0, offered: 0, talking: 0, wrapUp: 0, paused: 0, offline: 0 },
  };
}

/** Null: it is open. */
export function closedOf(queue: QueueId, centre: Centre): QueueFigures['closed'] {
  const config = centre.routing.queues.get(queue);
  const closed = config && closedNow(centre, config);
  return closed === undefined ? null : { since: closed.since, by: closed.by ?? null, reason: closed.reason ?? '', waiting: closed.waiting };
}

/** The card of the contact that rings at this agent or talks with it. */
export function screenPopFor(agent: AgentId, centre: Centre, recordOf: RecordOf): ScreenPop | null {
  const presence = centre.agents.get(agent)?.presence;
  if (presence?.status === 'talking') return popOf(presence.contact, agent, centre, recordOf);
  const offer = presence?.status === 'offered' ? centre.offers.get(presence.offer) : undefined;
  return offer ? popOf(offer.contact, agent, centre, recordOf) : null;
}

/** Null unless the contact rings at this agent or talks with it: before and after that nobody's screen is to show it. */
export function popOf(contactKey: ContactId, agent: AgentId, centre: Centre, recordOf: RecordOf): ScreenPop | null {
  const contact = centre.contacts.get(contactKey);
  if (!contact || (contact.state.status !== 'offered' && contact.state.status !== 'connected' && contact.state.status !== 'dialling')) return null;
  const { state } = contact;
  const offer = offersOf(centre, contact).find((one) => one.agent === agent);
  if (state.status === 'offered' ? offer === undefined : agentOf(state) !== agent) return null;
  const offeredAt = state.status === 'connected' ? state.connectedAt : offer?.madeAt ?? state.queuedAt;
  return {
    offer: offer?.id ?? '',
    contact: contact.id,
    queue: state.queue,
    queueName: queueName(state.queue, centre),
    ani: contact.ani,
    dnis: contact.dnis,
    language: contact.language,
    path: contact.path.map(({ node, took }) => ({ node, took })),
    data: { ...contact.data },
    callback: contact.callback === undefined ? null : { number: contact.callback.number, askedAt: contact.callback.askedAt },
    queuedAt: state.queuedAt,
    waitMs: Math.max(0, offeredAt - state.queuedAt),
    until: offer === undefined || (offer.whisper !== undefined && !offer.whisper.confirm) ? null : offer.until,
    record: mutableRecord(recordOf(contact.id)),
  };
}

/** zod infers mutable arrays; the record itself stays untouched. */
function mutableRecord(record: CallerRecord | undefined): ScreenPop['record'] {
  if (!record) return null;
  const { customer } = record;
  return {
    customer: customer && { ...customer, data: { ...customer.data } },
    earlier: record.earlier.map((contact) => ({ ...contact })),
  };
}

/** `idleSince` is the router's own; a screen shows since when the agent is what it is. */
function shownPresence(presence: Presence): ShownPresence {
  switch (presence.status) {
    case 'offline':
      return { status: 'offline', since: presence.since };
    case 'ready':
      return { status: 'ready', since: presence.since };
    case 'paused':
      return { status: 'paused', since: presence.since, reason: presence.reason };
    case 'offered':
      return { status: 'offered', since: presence.since, offer: presence.offer };
    case 'talking':
      return { status: 'talking', since: presence.since, contact: presence.contact };
    case 'wrap-up':
      return {
        status: 'wrap-up',
        since: presence.since,
        contact: presence.contact,
        ...(presence.until === undefined ? {} : { until: presence.until }),
        ...(presence.fixed ? { fixed: true } : {}),
        ...(presence.disposition === undefined ? {} : { disposition: { ...presence.disposition } }),
      };
    default:
      return assertNever(presence);
  }
}

export function centreCard(name: Text, settings: Pick<CentreSettings, 'language' | 'pauseReasons' | 'dispositions'>): CentreCard {
  const named = (texts: ReadonlyMap<string, Text>) => [...texts].map(([code, text]) => ({ code, name: { ...text } }));
  return {
    name: { ...name },
    language: settings.language,
    pauseReasons: named(settings.pauseReasons),
    dispositions: named(settings.dispositions),
  };
}

const queueName = (queue: QueueId, centre: Centre): Text => centre.routing.queues.get(queue)?.name ?? { zh: queue, en: queue };
