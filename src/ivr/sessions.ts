/** All contacts in their flows: which session a fact is for, which flow answers a number, and the one timer. */
import type { Clock } from '../base/clock.ts';
import type { ContactId, LegId } from '../base/ids.ts';
import type { CentreConfig } from '../config/centre-config.ts';
import type { Fact, Key } from '../telephony/port.ts';
import type { Flow } from './flow.ts';
import { readMemory } from './memory.ts';
import type { Call } from './memory.ts';
import { builtIn } from './nodes/built-in.ts';
import { Session } from './session.ts';
import type { SessionPorts } from './session.ts';
import type { Memory, QueueWay } from './visit.ts';
import { newWakeUp } from './wake-up.ts';

export interface SessionsNeeds extends Pick<SessionPorts, 'propose' | 'log'> {
  /** The newest configuration; a contact stays on the one it began with. */
  readonly config: () => CentreConfig;
  readonly clock: Clock;
}

export interface Sessions {
  arrived(call: Call): void;
  /** It is not let in: it hears why, and the call ends. */
  notLetIn(call: Call): void;
  /** After a restart. `memory` as the contact holds it; null when its flow had not begun. */
  resume(call: Call & { readonly memory: unknown }): void;
  /** Any fact; those that are not the flows' business are passed over. */
  fact(fact: Fact): void;
  ended(contact: ContactId): void;
  /** `leg`: where he is on another by now, for we have called him back. */
  turnedAway(contact: ContactId, memory: unknown, why: QueueWay | 'callback', key?: Key, leg?: LegId): void;
  transferFailed(contact: ContactId, memory: unknown): void;
  readonly size: number;
  /** Ends no call: the contacts go on from their memory at the next owner. Resolves when nothing is on its way. */
  stop(): Promise<void>;
}

/** Why a contact that was gone from its flow is back there. */
type News = { readonly type: 'resumed' | 'transfer-failed' } | { readonly type: 'turned-away'; readonly why: QueueWay | 'callback'; readonly key?: Key };

/** Versions kept for contacts that come back from a queue or a transfer. */
const versionsMax = 8;

export function createSessions({ config, clock, propose, log }: SessionsNeeds): Sessions {
  const byContact = new Map<ContactId, Session>();
  const byLeg = new Map<LegId, Session>();
  const versions = new Map<string, CentreConfig>();
  /** Orders reach the switch. While they do not, nothing times out. */
  let switchUp = true;
  let stopped = false;
  const wakeUp = newWakeUp(clock, () => {
    const at = clock.now();
    let next = Infinity;
    for (const session of switchUp ? byContact.values() : []) {
      const { deadline } = session;
      if (deadline !== null && deadline <= at) session.give({ type: 'deadline', at });
      else if (deadline !== null) next = Math.min(next, deadline);
    }
    wakeUp.at(next);
  });
  const ports: SessionPorts = {
    propose,
    log,
    idle: ({ deadline }) => {
      if (deadline !== null && !stopped) wakeUp.at(deadline);
    },
    over: remove,
  };

  function open(call: Call, on: CentreConfig, flow: Flow, memory: Memory | null): Session {
    const before = byContact.get(call.contact);
    if (before) remove(before);
    const session = new Session(call, on, flow, memory, ports);
    byContact.set(session.contact, session);
    byLeg.set(session.leg, session);
    return session;
  }

  function remove(session: Session): void {
    void session.close();
    if (byContact.get(session.contact) === session) byContact.delete(session.contact);
    if (byLeg.get(session.leg) === session) byLeg.delete(session.leg);
  }

  function newest(): CentreConfig {
    const on = config();
    versions.delete(on.version);
    versions.set(on.version, on);
    for (const version of versions.keys()) if (versions.size > versionsMax) versions.delete(version);
    return on;
  }

  function arrived(call: Call, flow?: Flow): void {
    if (stopped || byContact.has(call.contact)) return;
    const on = newest();
    open(call, on, flow ?? flowOf(on, call.dnis), null).give({ type: 'start', at: clock.now() });
  }

  function takeUp(memory: Memory, news: News): void {
    if (stopped) return;
    const now = newest();
    const on = versions.get(memory.version) ?? now;
    open(memory, on, on.flows.get(memory.flow) ?? flowOf(on, memory.dnis), memory).give({ ...news, at: clock.now() });
  }

  function back(contact: ContactId, json: unknown, news: News, leg?: LegId): void {
    const memory = readMemory(json);
    if (memory) takeUp({ ...memory, ...(leg !== undefined && { leg }) }, news);
    else log.error({ contact }, 'flow memory unreadable');
  }

  /** A prompt that cannot be said is over; while nothing reaches the switch, `switch-seen` will start its node again. */
  function orderFailed({ order, reason, at }: Extract<Fact, { type: 'order-failed' }>): void {
    if (order.type !== 'play' || (reason === 'disconnected' && !switchUp)) return;
    byLeg.get(order.leg)?.give({ type: 'play-ended', at, play: order.play });
  }

  return {
    arrived: (call) => arrived(call),
    notLetIn: (call) => arrived(call, tooManyCalls),
    resume({ memory: json, ...call }) {
      const memory = readMemory(json);
      if (!memory) arrived(call);
      else if (!byContact.has(call.contact)) takeUp({ ...memory, leg: call.leg }, { type: 'resumed' });
    },
    fact(fact) {
      // Our own clock, as for the deadlines: the switch's may differ, and its news may be old.
      const at = clock.now();
      if (fact.type === 'key-pressed') byLeg.get(fact.leg)?.give({ type: 'key-pressed', at, key: fact.key });
      else if (fact.type === 'play-ended') byLeg.get(fact.leg)?.give({ type: 'play-ended', at, play: fact.play });
      else if (fact.type === 'order-failed') orderFailed({ ...fact, at });
      else if (fact.type === 'switch-lost' || fact.type === 'switch-stalled') switchUp = false;
      else if (fact.type === 'switch-resumed') {
        // What had been held up has come, and each flow is where it was.
        switchUp = true;
        wakeUp.at(at);
      }
      else if (fact.type === 'switch-seen' && !switchUp) {
        switchUp = true;
        for (const session of byContact.values()) session.give({ type: 'resumed', at });
      }
    },
    ended(contact) {
      const session = byContact.get(contact);
      if (session) remove(session);
    },
    turnedAway: (contact, memory, why, key, leg) => back(contact, memory, { type: 'turned-away', why, ...(key !== undefined && { key }) }, leg),
    transferFailed: (contact, memory) => back(contact, memory, { type: 'transfer-failed' }),
    get size() {
      return byContact.size;
    },
    stop() {
      stopped = true;
      wakeUp.cancel();
      const closing = [...byContact.values()].map((session) => session.close());
      byContact.clear();
      byLeg.clear();
      return Promise.all(closing).then(() => undefined);
    },
  };
}

const flowOf = (on: CentreConfig, dnis: string): Flow => on.flows.get(on.centre.numbers.get(dnis) ?? '') ?? unknownNumber;

/** What a caller hears who has dialled a number that no flow answers. */
const unknownNumber: Flow = { name: 'unknown-number', start: builtIn.unknownNumber, nodes: new Map(), variables: [] };
const tooManyCalls: Flow = { name: 'too-many-calls', start: builtIn.tooManyCalls, nodes: new Map(), variables: [] };
