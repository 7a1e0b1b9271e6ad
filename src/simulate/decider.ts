/**
 * All that the simulator knows of the decider: how a centre is opened and told of callers and agents, and when it wants
 * to be called next. What it decides comes back as events and orders, as in service.
 */
import { legId } from '../base/ids.ts';
import type { AgentId, ContactId, LegId } from '../base/ids.ts';
import { contactOfCaller } from '../telephony/ids.ts';
import { makeCentre } from '../acd/centre.ts';
import { nextDeadline } from '../acd/deadlines.ts';
import type { Event, FlowExit, FlowInput, Input } from '../acd/messages.ts';
import type { Command } from '../acd/commands.ts';
import type { LastTalk } from '../acd/contact.ts';
import type { Key } from '../telephony/port.ts';
import { step } from '../acd/step.ts';
import type { Decision } from '../acd/step.ts';
import type { Routing } from '../acd/model.ts';

export type { Event, EventOf, Input } from '../acd/messages.ts';
export type { Presence } from '../acd/agent.ts';
export type { LastTalk } from '../acd/contact.ts';
export type { Routing } from '../acd/model.ts';
export type { Key, LegEnd } from '../telephony/port.ts';
/** What an agent or a supervisor does. */
export type Act = Command;
export { meets } from '../acd/needs.ts';

export type Decided = Extract<Decision, { ok: true }>;

export interface Decider {
  readonly tell: (input: Input) => void;
  /** When something falls due of which nobody need tell. */
  readonly dueAt: () => number | undefined;
}

/**
 * A centre whose switch is up, where nobody has signed in. `startsAt`: what the clock on the wall says at the start, where
 * it matters, for queues with hours; outside all times count from there.
 */
export function openDecider(routing: Routing, decided: (decided: Decided) => void, startsAt = 0): Decider {
  const centre = makeCentre(routing, { contacts: [], agents: [], offers: [], closed: [] }, startsAt);
  const tell = (input: Input): void => {
    const decision = step(centre, startsAt === 0 ? input : moved(input, startsAt));
    // A refusal is no fault here: an ideal switch tells of legs that are gone, and agents press buttons too late, too.
    if (decision.ok) decided(startsAt === 0 ? decision : { ...decision, events: decision.events.map((event) => movedBack(event, startsAt)) });
  };
  // Nobody is there yet who would have to follow this.
  step(centre, { type: 'switch-seen', at: startsAt, startedAt: startsAt, legs: [], bridges: [], devices: [] });
  return {
    tell,
    dueAt: () => {
      const due = nextDeadline(centre);
      return due === undefined ? undefined : due - startsAt;
    },
  };
}

const moved = (input: Input, by: number): Input =>
  input.type === 'caller-known' && input.last !== null ? { ...input, at: input.at + by, last: { ...input.last, at: input.last.at + by } } : { ...input, at: input.at + by };

/** As far as anybody here looks at times: at that of the event, and at the end of a wrap-up. */
function movedBack(event: Event, by: number): Event {
  if (event.type !== 'presence-changed' || event.presence.status !== 'wrap-up' || event.presence.until === undefined) return { ...event, at: event.at - by };
  return { ...event, at: event.at - by, presence: { ...event.presence, until: event.presence.until - by } };
}

/** The n-th caller's call, named as Asterisk names its channels. Who calls again changes nobody else's name. */
export function nameCall(n: number, again: number): { readonly leg: LegId; readonly contact: ContactId } {
  const leg = legId(`${String(again).padStart(10, '0')}.${n}`);
  return { leg, contact: contactOfCaller(leg) };
}

/** Of a call that has a name already. */
export const legNamed = (contact: ContactId): LegId => legId(contact);

export function callArrives({ tell }: Decider, at: number, contact: ContactId, leg: LegId, ani: string): void {
  tell({ type: 'call-arrived', at, contact, leg, ani, dnis: '' });
}

/** What the records say of the caller. Where no queue asks, nobody need say it. */
export const asksWhoWasLast = ({ queues }: Routing): boolean => [...queues.values()].some(({ sticky }) => sticky !== undefined);
export const callerKnown = ({ tell }: Decider, at: number, contact: ContactId, last: LastTalk | null): void => tell({ type: 'caller-known', at, contact, last });

/** Where the flow sends the caller, and with what. */
export type Entering = Omit<Extract<FlowExit, { to: 'queue' }>, 'to'> & { readonly data?: Readonly<Record<string, string>> };

export const enterQueue = (decider: Decider, at: number, contact: ContactId, { data = {}, ...into }: Entering): void => leaveFlow(decider, at, contact, { to: 'queue', ...into }, data);

export const pressKey = ({ tell }: Decider, at: number, leg: LegId, key: Key): void => tell({ type: 'key-pressed', at, leg, key, heldMs: 100 });

/** Whether he is promised one is the decider's word; what it refuses is told to nobody. */
export const askCallback = ({ tell }: Decider, at: number, contact: ContactId, callback: NonNullable<FlowInput['callback']>): void => tell(moves(at, contact, {}, { callback }));

/** The queue would not take the caller, and the flow has nothing else. */
export const endCall = (decider: Decider, at: number, contact: ContactId): void => leaveFlow(decider, at, contact, { to: 'end' }, {});

const leaveFlow = ({ tell }: Decider, at: number, contact: ContactId, exit: FlowExit, data: Readonly<Record<string, string>>): void => tell(moves(at, contact, data, { exit }));

/** Where in the flow it is does not matter, but that there is one that takes the caller back. */
const moves = (at: number, contact: ContactId, data: FlowInput['data'], more: Pick<FlowInput, 'callback' | 'exit'>): Input => ({ type: 'flow-moved', at, contact, path: [], data, language: 'zh', memory: 'flow', orders: [], ...more });

/** An agent comes on duty, or back from a break, and takes calls at once. */
export function comeOnDuty({ tell }: Decider, at: number, agent: AgentId): void {
  tell({ type: 'sign-in', at, agent });
  tell({ type: 'make-ready', at, agent });
}
