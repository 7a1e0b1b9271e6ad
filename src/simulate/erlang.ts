/**
 * What queueing theory says of a load. Erlang C: callers come at random, talk for random times and never give up
 * (M/M/c). Erlang A (Palm; Garnett, Mandelbaum and Reiman): each gives up after a random time (M/M/c+M). The simulator
 * is held against both, and a bench's waits stand beside them; below Erlang C no router can stay for long.
 */

export interface Load {
  readonly agents: number;
  readonly callsPerSecond: number;
  /** Ring, talk and whatever keeps an agent busy with one call. */
  readonly handleSeconds: number;
}

export const erlangs = ({ callsPerSecond, handleSeconds }: Load): number => callsPerSecond * handleSeconds;

/** The share of callers who have to wait; 1 where the load is more than the agents can do. */
export function erlangC(load: Load): number {
  const { agents } = load;
  const offered = erlangs(load);
  if (offered >= agents) return 1;
  // Erlang B step by step: factorials of hundreds of agents would overflow.
  let blocked = 1;
  for (let servers = 1; servers <= agents; servers += 1) blocked = (offered * blocked) / (servers + offered * blocked);
  return blocked / (1 - (offered / agents) * (1 - blocked));
}

/** Mean wait of all callers, in seconds; Infinity where the line only grows. */
export function erlangWaitSeconds(load: Load): number {
  const free = load.agents - erlangs(load);
  return free <= 0 ? Number.POSITIVE_INFINITY : (erlangC(load) * load.handleSeconds) / free;
}

/** Callers in line, on average (Little). */
export const erlangWaiting = (load: Load): number => load.callsPerSecond * erlangWaitSeconds(load);

/** The share of callers answered within so many seconds. */
export function erlangServiceLevel(load: Load, withinSeconds: number): number {
  const free = load.agents - erlangs(load);
  return free <= 0 ? 0 : 1 - erlangC(load) * Math.exp((-free * withinSeconds) / load.handleSeconds);
}

export interface Impatient extends Load {
  /** How long a caller waits before giving up, on average. */
  readonly patienceSeconds: number;
}

export interface ErlangA {
  /** The share of callers who find every agent busy. */
  readonly delayed: number;
  /** The share of callers who give up. */
  readonly abandoned: number;
  /** Mean wait of all callers, those who gave up too. */
  readonly waitSeconds: number;
  /** The share of all callers who are answered within so many seconds. */
  readonly serviceLevel: (withinSeconds: number) => number;
}

export function erlangA({ agents, callsPerSecond, handleSeconds, patienceSeconds }: Impatient): ErlangA {
  // How likely it is that so many wait while all agents talk, from none on; relative to the first, then to all states.
  const leaving = (waiting: number): number => agents / handleSeconds + waiting / patienceSeconds;
  const waiting: number[] = [1];
  for (let last = 1; last > 1e-18 || callsPerSecond > leaving(waiting.length); ) {
    last *= callsPerSecond / leaving(waiting.length);
    waiting.push(last);
  }
  let free = 0;
  for (let busy = agents, likely = 1; busy > 0; busy -= 1) {
    likely *= busy / (callsPerSecond * handleSeconds);
    free += likely;
  }
  const delays = waiting.reduce((sum, likely) => sum + likely, 0);
  const all = free + delays;
  const abandoned = waiting.reduce((sum, likely, ahead) => sum + (likely * ahead) / patienceSeconds, 0) / callsPerSecond / all;
  return {
    delayed: delays / all,
    abandoned,
    waitSeconds: abandoned * patienceSeconds,
    serviceLevel: (withinSeconds) => free / all + answeredWithin(waiting, (agents * patienceSeconds) / handleSeconds, withinSeconds / patienceSeconds) / all,
  };
}

/**
 * Over all who have to wait: how likely each is, times the chance to be answered in time. With k ahead and c = agents ×
 * patience ÷ handle time, e^(−wait ÷ patience) is Beta(c, k + 1), for the wait is the sum of exponential times whose
 * rates are in the ratio c, c + 1 … c + k. The chance is its mean above x = e^(−time ÷ patience), and that is
 * c ÷ (c + k + 1) · (1 − I) with the incomplete beta function I = x^(c+1) · Σ over i ≤ k of (c+1)…(c+i) ÷ i! · (1 − x)^i.
 */
function answeredWithin(waiting: readonly number[], c: number, time: number): number {
  const x = Math.exp(-time);
  // In logarithms, for x^(c+1) alone is less than a double can hold where there are thousands of agents.
  let term = -time * (c + 1);
  let incomplete = 0;
  let answered = 0;
  for (const [ahead, likely] of waiting.entries()) {
    incomplete += Math.exp(term);
    answered += ((likely * c) / (c + ahead + 1)) * Math.max(0, 1 - incomplete);
    term += Math.log(((c + 1 + ahead) / (ahead + 1)) * (1 - x));
  }
  return answered;
}
