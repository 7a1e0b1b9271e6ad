/**
 * 7: liveness and readiness tell the truth, also in the middle of the fault. That a dead process says that it lives is
 * the one lie that cannot be told.
 */
export interface HealthSample {
  /** Of the monotonic clock. */
  readonly at: number;
  /** HTTP status; undefined when nobody answered within a second. */
  readonly live: number | undefined;
  readonly ready: number | undefined;
  readonly service: Process | 'changing';
  readonly asterisk: Process | 'changing';
  readonly owner: 'somebody' | 'nobody' | 'unknown' | 'changing';
}
type Process = 'up' | 'stopped' | 'dead';

/** So long a change may take to show: a connection that closed is noticed at once, a new one is compared first. */
const noticedWithinMs = 3_000;
/** Asterisk takes a while to be called again, and the machine is a small one. */
const recoveredWithinMs = 10_000;

export function healthIsTrue(samples: readonly HealthSample[]): string[] {
  return [
    ...lasting(samples, ({ ready, asterisk }) => ready === 200 && asterisk === 'dead', noticedWithinMs, 'ready, with an Asterisk that is dead'),
    ...lasting(samples, ({ ready, owner }) => ready === 200 && owner === 'nobody', noticedWithinMs, 'ready, and nobody holds the lease'),
    ...lasting(samples, ({ live, service }) => live !== 200 && service === 'up', recoveredWithinMs, 'not live, with a process that turns'),
    ...lasting(samples, (sample) => sample.ready !== 200 && sample.service === 'up' && sample.asterisk === 'up' && sample.owner === 'somebody', recoveredWithinMs, 'not ready, with every part up'),
  ];
}

/** One line for each stretch of samples, longer than `toleratedMs`, in which it was so. */
function lasting(samples: readonly HealthSample[], is: (sample: HealthSample) => boolean, toleratedMs: number, what: string): string[] {
  const found: string[] = [];
  let since: number | undefined;
  for (const [index, sample] of samples.entries()) {
    if (is(sample)) since ??= sample.at;
    const over = !is(sample) || index === samples.length - 1;
    if (since !== undefined && over) {
      const ms = sample.at - since;
      if (ms > toleratedMs) found.push(`${what}, for ${Math.round(ms)} ms`);
    }
    if (!is(sample)) since = undefined;
  }
  return found;
}
