/**
 * Orders that only AMI takes and that did not get through, or whose answer was lost: given again, in their order, when
 * AMI is back. A recording that an agent has paused must not run on because a connection was reset.
 *
 *   start-recording     looked up first: a second MixMonitor of one name would empty the file of the first; not once it was to stop
 *   pause, resume, stop say what is to be, so saying it twice does nothing
 *   answer-phone        a phone that was asked twice answers once
 *   claim, write-ticket of a leg that plays (perform.ts); only the newest ticket, for it holds what those before it held
 */
import { patience } from '../base/patience.ts';
import type { Patience } from '../base/patience.ts';
import type { AriConnection } from './ari/connection.ts';
import type { Legs } from './legs.ts';
import type { Order } from './port.ts';
import { recordingFileOf } from './resync.ts';

export interface SecondTry {
  /** True where the order is kept and given again; `tooLate` is called when AMI did not come back in time. */
  keeps(order: Order, tooLate: () => void): boolean;
  /** This order is being given: what is kept that it makes senseless is dropped. */
  given(order: Order): void;
  /** AMI is back. */
  again(give: (order: Order) => void): Promise<void>;
  stop(): void;
}

type Kept = Extract<Order, { type: 'start-recording' | 'pause-recording' | 'resume-recording' | 'stop-recording' | 'answer-phone' | 'claim' | 'write-ticket' }>;

interface Entry {
  readonly order: Kept;
  readonly limit: Patience;
}

/** An agent must not believe for longer than this that a recording is paused which runs. */
const withinMs = 15_000;
const keptMax = 10_000;

export function secondTry(ari: Pick<AriConnection, 'request'>, legs: Legs): SecondTry {
  let kept: Entry[] = [];
  /** Taken out to be given again, one after the other. */
  let turning: Entry[] = [];
  const drop = (order: Order): void => {
    for (const { limit } of kept.filter((entry) => outdates(order, entry))) limit.end();
    kept = kept.filter((entry) => !outdates(order, entry));
    turning = turning.filter((entry) => !outdates(order, entry));
  };
  return {
    keeps: (order, tooLate) => {
      if (!isKept(order) || !legs.has(order.leg) || kept.length >= keptMax) return false;
      drop(order);
      const entry: Entry = { order, limit: patience(withinMs, () => {
        kept = kept.filter((other) => other !== entry);
        tooLate();
      }) };
      kept.push(entry);
      return true;
    },
    given: drop,
    again: async (give) => {
      for (const { limit } of kept) limit.end();
      turning = [...turning, ...kept.splice(0)];
      for (let entry = turning[0]; entry !== undefined; entry = turning[0]) {
        const { order } = entry;
        const leg = legs.get(order.leg);
        const runs = leg !== undefined && order.type === 'start-recording' ? await recordingFileOf(ari, order.leg) : undefined;
        // Its talk may have ended while we looked.
        if (turning[0] !== entry) continue;
        turning.shift();
        if (leg === undefined) continue;
        if (order.type !== 'start-recording') give(order);
        else if (runs === order.recording) leg.recording = order.recording;
        // While ARI is away too nobody knows; the comparison after its return will, and gives the order itself.
        else if (runs !== undefined) give(order);
      }
    },
    stop: () => {
      for (const { limit } of kept) limit.end();
      kept = [];
      turning = [];
    },
  };
}

const isKept = (order: Order): order is Kept => order.type.endsWith('-recording') || order.type === 'answer-phone' || order.type === 'claim' || order.type === 'write-ticket';

/** The newest ticket holds what those before it held; a recording that begins after its end would have no row. */
function outdates(order: Order, { order: before }: Entry): boolean {
  if (order.type === 'write-ticket') return before.type === 'write-ticket' && before.leg === order.leg;
  return order.type === 'stop-recording' && before.type === 'start-recording' && before.recording === order.recording;
}
