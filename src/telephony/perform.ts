/**
 * Gives orders to Asterisk: all calls of all orders go out at once, in order; what fails comes back as a
 * fact. What a connection's end leaves open is made good by the comparison after the next (ARI) or tried again (AMI).
 */
import type { Logger } from 'pino';
import type { Clock } from '../base/clock.ts';
import type { Ami } from './ami.ts';
import type { AriConnection } from './ari/connection.ts';
import { callsFor } from './orders.ts';
import type { Call, OrderContext } from './orders.ts';
import { outcomeOfAmi, outcomeOfAri } from './outcome.ts';
import type { CallOutcome } from './outcome.ts';
import type { Fact, Order, OrderFailure } from './port.ts';
import type { SecondTry } from './second-try.ts';
import { UnsafeValue } from './values.ts';

export interface Performing {
  readonly context: OrderContext;
  readonly ari: AriConnection;
  readonly ami: Ami | undefined;
  readonly secondTry: SecondTry;
  readonly post: (fact: Fact) => void;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Long for an AMI that lives. What can go over ARI does not wait longer; saying it by both ways does no harm. */
const amiWithinMs = 2_000;

export function perform(order: Order, { context, ari, ami, secondTry, post, clock, log }: Performing): void {
  const failed = (reason: OrderFailure, detail: string): void => {
    forget(order, context, detail);
    if (reason !== 'gone') log.warn({ order: order.type, about: aboutOf(order), reason, detail }, 'order failed');
    post({ type: 'order-failed', at: clock.now(), order, reason, detail });
  };
  secondTry.given(order);
  let calls: readonly Call[];
  try {
    calls = callsFor(order, context);
  } catch (error) {
    if (!(error instanceof UnsafeValue)) throw error;
    // Never inside send(): the caller of an order is in the middle of its own work.
    queueMicrotask(() => failed('refused', error.message));
    return;
  }
  // A caller who is not claimed is thrown out by the dialplan; a sound that still plays is the smaller evil then.
  const tooLate = (detail: string) => (): void => {
    const [call] = calls;
    const request = call?.via === 'ami' ? call.orElse : call?.request;
    if (order.type === 'claim' && request !== undefined) void overAri({ via: 'ari', request });
    else failed('disconnected', detail);
  };
  const overAri = async (call: Extract<Call, { via: 'ari' }>): Promise<CallOutcome> => outcomeOfAri(call, await ari.request(call.request));
  const overAmi = async (call: Extract<Call, { via: 'ami' }>): Promise<CallOutcome> => {
    if (ami === undefined) return { result: 'failed', reason: 'refused', detail: 'AMI is not configured' };
    const answer = await ami.action(call.action, call.orElse === undefined ? undefined : amiWithinMs);
    return answer.answered || call.orElse === undefined || mustWait(order, context) ? outcomeOfAmi(call, answer) : overAri({ via: 'ari', request: call.orElse });
  };
  if (ami !== undefined && !ami.connected() && mustWait(order, context) && secondTry.keeps(order, tooLate('AMI is away'))) return;
  const outcomes = calls.map((call) => (call.via === 'ari' ? overAri(call) : overAmi(call)));
  void Promise.all(outcomes).then((all) => {
    const bad = all.find(({ result }) => result !== 'done');
    if (bad === undefined || bad.result === 'done') return;
    if (bad.result === 'failed') {
      if (bad.reason === 'disconnected') forget(order, context, bad.detail);
      if (bad.reason === 'disconnected' && secondTry.keeps(order, tooLate(bad.detail))) return;
      return failed(bad.reason, bad.detail);
    }
    // Only `ring` is answered so. An event of its end may have been quicker; the leg has one end all the same.
    if (order.type === 'ring' && context.legs.delete(order.leg)) post({ type: 'leg-down', at: clock.now(), leg: order.leg, end: 'unreachable' });
  });
}

/**
 * Over ARI, the variable of a leg that plays is set when the sound has ended, and all that comes after it on the socket
 * waits: with AMI gone for 0.2 s, two talks in which the number was being read held up every order for 5.3 s.
 */
const mustWait = (order: Order, { legs }: OrderContext): boolean => (order.type === 'claim' || order.type === 'write-ticket') && (legs.get(order.leg)?.plays.size ?? 0) > 0;

/** The memory must not hold what never came to be, or the order given again would be taken for done. */
function forget(order: Order, { legs }: OrderContext, detail: string): void {
  const leg = 'leg' in order ? legs.get(order.leg) : undefined;
  if (leg === undefined) return;
  if (order.type === 'answer') leg.up = false;
  else if (order.type === 'play') leg.plays.delete(order.play);
  else if (order.type === 'start-recording') delete leg.recording;
  // One that timed out may be ringing all the same.
  else if (order.type === 'ring' && detail !== 'timed-out' && !leg.up && !leg.rang) legs.delete(order.leg);
}

const aboutOf = (order: Order): string => ('leg' in order ? order.leg : order.bridge);
