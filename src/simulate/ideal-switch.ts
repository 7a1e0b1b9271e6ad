/** A switch and phones that never fail: each order is done at once, phones ring and are answered after their times. */
import type { AgentId, LegId } from '../base/ids.ts';
import type { Order } from '../telephony/port.ts';
import { plan } from './agenda.ts';
import type { Agenda } from './agenda.ts';
import type { Decider } from './decider.ts';
import { draw } from './distribution.ts';
import { stream } from './random.ts';
import type { Stream } from './random.ts';
import type { Scenario } from './scenario.ts';

/** About as long as the tone, a queue's name and a wait take to be said. */
const whisperMs = 3_000;

export interface IdealSwitch {
  readonly perform: (order: Order) => void;
  /** A caller's channel comes up. */
  readonly begin: (leg: LegId) => void;
  /** Its other end puts down the receiver. */
  readonly putDown: (leg: LegId) => void;
}

export function idealSwitch({ seed, phones }: Scenario, replication: number, agenda: Agenda, decider: Decider): IdealSwitch {
  /** Legs that exist; of an agent's, whether it is still to be answered. */
  const legs = new Map<LegId, 'ringing' | 'up'>();
  const hands = new Map<AgentId, Stream>();
  /** Phones that take calls by themselves do not ring first. */
  const atOnce = phones.missedShare === 0 && [phones.ring, phones.answer].every((time) => time.type === 'fixed' && time.meanMs === 0);
  const end = (leg: LegId): void => {
    if (legs.delete(leg)) decider.tell({ type: 'leg-down', at: agenda.now, leg, end: 'hung-up' });
  };
  const answer = (leg: LegId): void => {
    if (legs.get(leg) !== 'ringing') return;
    legs.set(leg, 'up');
    decider.tell({ type: 'leg-up', at: agenda.now, leg });
  };
  const ring = (leg: LegId, agent: AgentId): void => {
    legs.set(leg, 'ringing');
    if (atOnce) return plan(agenda, 0, () => answer(leg));
    const hand = hands.get(agent) ?? stream(seed, replication, 'phone', agent);
    hands.set(agent, hand);
    const [missed, ringMs, answerMs] = [hand() < phones.missedShare, draw(phones.ring, hand), draw(phones.answer, hand)];
    plan(agenda, ringMs, () => {
      if (!legs.has(leg)) return;
      decider.tell({ type: 'leg-ringing', at: agenda.now, leg });
      if (!missed) plan(agenda, answerMs, () => answer(leg));
    });
  };
  return {
    begin: (leg) => void legs.set(leg, 'up'),
    putDown: end,
    perform: (order) => {
      switch (order.type) {
        case 'ring':
          if (order.to.kind === 'agent') ring(order.leg, order.to.agent);
          return;
        case 'hang-up':
          return plan(agenda, 0, () => end(order.leg));
        case 'play':
          // What an agent hears before the caller is there; the decider waits for no other play.
          if (order.media.some((one) => one.say === 'prompt' && one.name === 'beep')) plan(agenda, whisperMs, () => decider.tell({ type: 'play-ended', at: agenda.now, leg: order.leg, play: order.play, outcome: 'finished' }));
          return;
        case 'answer-phone':
          return plan(agenda, 0, () => answer(order.leg));
        default:
          return;
      }
    },
  };
}
