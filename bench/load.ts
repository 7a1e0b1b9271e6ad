/**
 * A load that can be put to two systems: when each caller comes and how long each agent talks, at random but from a
 * seed, written as SIPp's injection files. Callers who come and talk at random are what queueing theory counts with.
 */
import { talkingNumber } from '../stage/scenarios.ts';

export interface LoadOptions {
  readonly callsPerSecond: number;
  readonly calls: number;
  /** Callers who come in the first second, beside the others, so that there is a line from the start. */
  readonly atOnce: number;
  readonly talkMs: number;
  /**
   * `random`: callers come and talk as queueing theory has it (exponential). `even`: talks of any length up to twice
   * the mean. `regular`: callers come in step, and every talk is as long as every other.
   */
  readonly shape: 'random' | 'even' | 'regular';
  readonly seed: number;
}

/**
 * SIPp's phones have no voice, and Asterisk counts a phone without a sound as lost after 20 s. Of random talks of
 * 3.7 s one in 130 would be longer.
 */
export const talkMsMax = 18_000;

export interface Drawn {
  readonly arrivalsMs: readonly number[];
  readonly talksMs: readonly number[];
}

/** SIPp starts its calls at this rate; each then waits for its own moment. */
export const startsPerSecond = 1_000;

export function draw({ callsPerSecond, calls, atOnce, talkMs, shape, seed }: LoadOptions): Drawn {
  const random = randomFrom(seed);
  const wait = (meanMs: number): number => (shape === 'regular' ? meanMs : -meanMs * Math.log(1 - random()));
  const talk = (): number => Math.min(talkMsMax, shape === 'even' ? 2 * talkMs * random() : wait(talkMs));
  const arrivalsMs = Array.from({ length: atOnce }, (_, index) => (index * 1_000) / atOnce);
  let at = atOnce === 0 ? 0 : 1_000;
  for (let call = 0; call < calls; call += 1) arrivalsMs.push((at += wait(1_000 / callsPerSecond)));
  return { arrivalsMs, talksMs: arrivalsMs.map(talk) };
}

/** For callers whose script begins `listed`, with their numbers as the second field: the talk belongs to the caller, whoever answers. */
export function injectionFile({ arrivalsMs, talksMs }: Drawn): string {
  const lines = arrivalsMs.map((at, call) => `${Math.round(Math.max(0, at - (call * 1_000) / startsPerSecond))};${talkingNumber(talksMs[call] ?? 0, call)};`);
  return ['SEQUENTIAL', ...lines, ''].join('\n');
}

/** Mulberry32: small, even enough for a load, the same on every machine. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
