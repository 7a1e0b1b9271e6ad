/** A switch and phones that never fail: each order is done at once, phones ring and are answered after their times, or do what a record says. */
import type { LegId } from '../base/ids.ts';
import type { Order } from '../telephony/port.ts';
import { plan } from './agenda.ts';
import type { Agenda } from './agenda.ts';
import type { Decider, Key, LegEnd } from './decider.ts';
import { draw } from './distribution.ts';
import { stream } from './random.ts';
import type { Stream } from './random.ts';
import type { LegFate, Scenario } from './scenario.ts';

/** About as long as the tone, a queue's name and a wait take to be said. */
const whisperMs = 3_000;

export interface IdealSwitch {
  readonly perform: (order: Order) => void;
  /** A caller's channel comes up. */
  readonly begin: (leg: LegId) => void;
  /** Its other end puts down the receiver, or ends in another way. */
  readonly putDown: (leg: LegId, end?: LegEnd) => void;
  /** What a record knows of a leg that is about to be rung. */
  readonly expect: (leg: LegId, fate: LegFate) => void;
}

export function idealSwitch({ seed, phones }: Scenario, replication: number, agenda: Agenda, decider: Decider): IdealSwitch {
  /** Legs that exist; of an agent's, whether it is still to be answered. */
  const legs = new Map<LegId, 'ringing' | 'up'>();
  const hands = new Map<string, Stream>();
  /** Phones that take calls by themselves do not ring first. */
  const atOnce = phones.missedShare === 0 && [phones.ring, phones.answer].every((time) => time.type === 'fixed' && time.meanMs === 0);
  const fates = new Map<LegId, LegFate>();
  const end = (leg: LegId, how: LegEnd = 'hung-up'): void => {
    fates.delete(leg);
    if (legs.delete(leg)) decider.tell({ type: 'leg-down', at: agenda.now, leg, end: how });
  };
  const answer = (leg: LegId): void => {
    if (legs.get(leg) !== 'ringing') return;
    legs.set(leg, 'up');
    decider.tell({ type: 'leg-up', at: agenda.now, leg });
  };
  const follow = (leg: LegId, { rangMs, over }: LegFate): void => {
    legs.set(leg, 'ringing');
    if (rangMs !== undefined) plan(agenda, rangMs, () => (legs.has(leg) ? decider.tell({ type: 'leg-ringing', at: agenda.now, leg }) : undefined));
    if (over === undefined) return;
    const { as } = over;
    plan(agenda, over.afterMs, () => (as === 'up' ? answer(leg) : end(leg, as)));
  };
  /** What is said to whoever has answered, before another is there; the decider waits for no other play. */
  const say = ({ leg, play, media }: Extract<Order, { type: 'play' }>): void => {
    const said = (prompt: string): boolean => media.some((one) => one.say === 'prompt' && one.name === prompt);
    const waits = fates.has(leg) || said('beep') || said('press-1');
    if (!waits) return;
    const { afterMs, as } = fates.get(leg)?.said ?? { afterMs: whisperMs, as: said('beep') ? 'finished' : '1' };
    plan(agenda, afterMs, () => {
      if (as === 'finished') decider.tell({ type: 'play-ended', at: agenda.now, leg, play, outcome: 'finished' });
      else if (isEnd(as)) end(leg, as);
      else decider.tell({ type: 'key-pressed', at: agenda.now, leg, key: as, heldMs: 100 });
    });
  };
  const ring = (leg: LegId, phone: string): void => {
    legs.set(leg, 'ringing');
    if (atOnce) return plan(agenda, 0, () => answer(leg));
    const hand = hands.get(phone) ?? stream(seed, replication, 'phone', phone);
    hands.set(phone, hand);
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
    expect: (leg, fate) => void fates.set(leg, fate),
    perform: (order) => {
      switch (order.type) {
        case 'ring': {
          const fate = fates.get(order.leg);
          if (fate !== undefined) follow(order.leg, fate);
          // A number is an agent's mobile: of who is called back something is expected.
          else ring(order.leg, order.to.kind === 'agent' ? order.to.agent : order.to.number);
          return;
        }
        case 'hang-up':
          return plan(agenda, 0, () => end(order.leg));
        case 'play':
          return say(order);
        case 'answer-phone':
          return plan(agenda, 0, () => answer(order.leg));
        default:
          return;
      }
    },
  };
}

const isEnd = (as: LegEnd | Key): as is LegEnd => as.length > 1;
