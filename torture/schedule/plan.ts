/** A random day from a seed: what callers and agents do, and what goes wrong, each at its moment. Pure. */

export type Step =
  | { readonly atMs: number; readonly type: 'call'; readonly calls: number; readonly to: 'low' | 'middle' | 'high'; readonly stayMs?: number }
  | { readonly atMs: number; readonly type: 'pause' | 'make-ready'; readonly agent: number }
  | { readonly atMs: number; readonly type: 'kill-service' }
  | { readonly atMs: number; readonly type: 'stop'; readonly who: Frozen; readonly forMs: number };
export type Frozen = 'service' | 'redis' | 'postgres' | 'asterisk';

export interface PlanOptions {
  readonly seed: number;
  readonly lengthMs: number;
  readonly agents: number;
}

/** Between two faults, so that one is over before the next. */
const faultEveryMs = 9_000;
const stepEveryMs = 500;

export function makePlan({ seed, lengthMs, agents }: PlanOptions): readonly Step[] {
  const random = randomOf(seed);
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item; // never empty here
  const steps: Step[] = [];
  for (let atMs = 0; atMs < lengthMs; atMs += Math.round(stepEveryMs * (0.5 + random()))) {
    const kind = random();
    if (kind < 0.7) steps.push({ atMs, type: 'call', calls: 1 + Math.floor(random() * 3), to: pick(['low', 'middle', 'high']), ...(random() < 0.3 ? { stayMs: Math.round(random() * 4_000) } : {}) });
    else steps.push({ atMs, type: kind < 0.85 ? 'pause' : 'make-ready', agent: Math.floor(random() * agents) });
  }
  for (let atMs = faultEveryMs / 3; atMs < lengthMs; atMs += faultEveryMs) {
    const who = pick(['kill', 'service', 'redis', 'postgres', 'asterisk'] as const);
    steps.push(who === 'kill' ? { atMs, type: 'kill-service' } : { atMs, type: 'stop', who, forMs: Math.round(500 + random() * 2_500) });
  }
  return steps.sort((a, b) => a.atMs - b.atMs);
}

/** Mulberry32: small, and the same everywhere. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
