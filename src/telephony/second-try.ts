/**
 * Orders that only AMI takes and that did not get through, or whose answer was lost: given again, in their order, when
 * AMI is back. A recording that an agent has paused must not run on because a connection was reset.
 *
 *   start-recording     looked up first: a second MixMonitor of one name would empty the file of the first
 *   pause, resume, stop say what is to be, so saying it twice does nothing
 *   answer-phone        a phone that was asked twice answers once
 *   claim, write-ticket of a leg that plays (perform.ts); only the newest ticket, for it holds what those before it held
 */
import { patience } from '../base/patience.ts';
import type { Patience } from '../base/patience.ts';
import type { LegId } from '../base/ids.ts';
import type { AriConnection } from './ari/connection.ts';
import type { Legs } from './legs.ts';
import type { Order } from './port.ts';
import { recordingFileOf } from './resync.ts';

export interface SecondTry {
  /** True where the order is kept and given again; `tooLate` is called when AMI did not come back in time. */
  keeps(order: Order, tooLate: () => void): boolean;
  /** A newer ticket of this leg is being written. */
  outdated(leg: LegId): void;
  /** AMI is back. */
  again(give: (order: Order) => void): Promise<void>;
  stop(): void;
}

type Kept = Extract<Order, { type: 'start-recording' | 'pause-recording' | 'resume-recording' | 'stop-recording' | 'answer-phone' | 'claim' | 'write-ticket' }>;

/** An agent must not believe for longer than this that a recording is paused which runs. */
const withinMs = 15_000;
const keptMax = 10_000;

export function secondTry(ari: Pick<AriConnection, 'request'>, legs: Legs): SecondTry {
  let kept: { readonly order: Kept; readonly limit: Patience }[] = [];
  return {
    keeps: (order, tooLate) => {
      if (!isKept(order) || !legs.has(order.leg) || kept.length >= keptMax) return false;
      const entry = { order, limit: patience(withinMs, () => {
        kept = kept.filter((other) => other !== entry);
        tooLate();
      }) };
      kept.push(entry);
      return true;
    },
    outdated: (leg) => {
      for (const { limit } of kept.filter(isTicketOf(leg))) limit.end();
      kept = kept.filter((entry) => !isTicketOf(leg)(entry));
    },
    again: async (give) => {
      const now = kept;
      kept = [];
      for (const { limit } of now) limit.end();
      for (const { order } of now) {
        const leg = legs.get(order.leg);
        if (leg === undefined) continue;
        if (order.type !== 'start-recording') {
          give(order);
          continue;
        }
        const runs = await recordingFileOf(ari, order.leg);
        if (runs === order.recording) leg.recording = order.recording;
        // While ARI is away too nobody knows; the comparison after its return will, and gives the order itself.
        else if (runs !== undefined) give(order);
      }
    },
    stop: () => {
      for (const { limit } of kept) limit.end();
      kept = [];
    },
  };
}

const isKept = (order: Order): order is Kept => order.type.endsWith('-recording') || order.type === 'answer-phone' || order.type === 'claim' || order.type === 'write-ticket';
const isTicketOf = (leg: LegId) => ({ order }: { readonly order: Kept }): boolean => order.type === 'write-ticket' && order.leg === leg;
