/** How long something takes. All times in milliseconds. */
import { assertNever } from '../base/assert.ts';
import type { Stream } from './random.ts';

export type Distribution =
  | { readonly type: 'fixed'; readonly meanMs: number }
  | { readonly type: 'exponential'; readonly meanMs: number }
  /** `cv`: standard deviation over mean. What handle times of real calls look like. */
  | { readonly type: 'lognormal'; readonly meanMs: number; readonly cv: number }
  /** The sum of so many equal exponential stages: steadier than one. */
  | { readonly type: 'erlang'; readonly meanMs: number; readonly stages: number }
  /** One of the values that were seen, each as likely. */
  | { readonly type: 'seen'; readonly valuesMs: readonly number[] };

/** Each draw takes as many numbers of the stream as the one before it, so that the n-th draw is the same in every run. */
export function draw(distribution: Distribution, random: Stream): number {
  switch (distribution.type) {
    case 'fixed':
      return distribution.meanMs;
    case 'exponential':
      return -distribution.meanMs * Math.log(random());
    case 'lognormal': {
      const variance = Math.log(1 + distribution.cv ** 2);
      return distribution.meanMs * Math.exp(Math.sqrt(variance) * normal(random) - variance / 2);
    }
    case 'erlang': {
      let sum = 0;
      for (let stage = 0; stage < distribution.stages; stage += 1) sum -= Math.log(random());
      return (distribution.meanMs / distribution.stages) * sum;
    }
    case 'seen': {
      const { valuesMs } = distribution;
      return valuesMs[Math.floor(random() * valuesMs.length)] ?? 0;
    }
    default:
      return assertNever(distribution);
  }
}

/** Box and Muller's, the one of its two. */
const normal = (random: Stream): number => Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
