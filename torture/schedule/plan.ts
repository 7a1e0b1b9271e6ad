/** A random day from a seed: what callers and agents do, and what goes wrong, each at its moment. Pure. */

export type Step =
  | { readonly atMs: number; readonly type: 'call'; readonly calls: number; readonly to: Way; readonly key?: string; readonly leaveAfterMs?: number; /** Who left dials once more. */ readonly redial?: true }
  | { readonly atMs: number; readonly type: 'ask'; readonly agent: number; readonly wish: Wish }
  | FaultStep;
export interface FaultStep {
  readonly atMs: number;
  readonly type: 'fault';
  readonly fault: Fault;
  readonly forMs: number;
}

/** Straight into the line, by priority; through the menu; to a number outside the line, and back into it when nobody is there. */
export const ways = ['low', 'middle', 'high', 'menu', 'manager', 'nobody'] as const;
export type Way = (typeof ways)[number];

export const wishes = ['pause', 'make-ready', 'sign-out', 'sign-in', 'finish-wrap-up', 'hang-up', 'dispose', 'pause-recording', 'resume-recording'] as const;
export type Wish = (typeof wishes)[number];

export const faults = [
  'service-killed', 'service-stopped', 'service-followed', 'service-stopped-and-followed', 'service-handed-over',
  'redis-stopped', 'redis-killed', 'redis-emptied', 'postgres-stopped', 'postgres-killed', 'asterisk-stopped', 'asterisk-killed',
  'ari-reset', 'ari-held-up', 'ari-half-open', 'ami-reset', 'ami-half-open',
] as const;
export type Fault = (typeof faults)[number];

export interface PlanOptions {
  readonly seed: number;
  readonly lengthMs: number;
  readonly agents: number;
  /** From the beginning of one to that of the next, which waits for the end of the one before. */
  readonly faultEveryMs: number;
}

const stepEveryMs = 500;

export function makePlan({ seed, lengthMs, agents, faultEveryMs }: PlanOptions): readonly Step[] {
  const random = randomOf(seed);
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item; // never empty here
  const between = (least: number, most: number): number => Math.round(least + random() * (most - least));
  const steps: Step[] = [];
  const ask = (atMs: number, agent: number, wish: Wish): void => void (atMs < lengthMs && steps.push({ atMs, type: 'ask', agent, wish }));
  for (let atMs = 0; atMs < lengthMs; atMs += between(stepEveryMs / 2, (stepEveryMs * 3) / 2)) {
    if (random() < 0.6) {
      const leaves = random() < 0.3 ? { leaveAfterMs: between(100, 4_000), ...(random() < 0.3 ? { redial: true as const } : {}) } : {};
      const to = pick(ways);
      // Who presses nothing is taken to the line as well, after a while.
      const key = to === 'menu' && random() < 0.8 ? { key: pick(['0', '1', '2', '9', '5']) } : {};
      steps.push({ atMs, type: 'call', calls: between(1, 3), to, ...key, ...leaves });
      continue;
    }
    const [agent, wish] = [Math.floor(random() * agents), pick(wishes)];
    ask(atMs, agent, wish);
    // Somebody must be there to answer: who goes comes back.
    if (wish === 'sign-out') ask(atMs + between(500, 3_000), agent, 'sign-in');
    if (wish === 'sign-out' || wish === 'pause' || wish === 'sign-in') ask(atMs + between(3_000, 6_000), agent, 'make-ready');
  }
  // All of them, in an order of the seed's own, before one comes again.
  let left: Fault[] = [];
  for (let atMs = Math.round(faultEveryMs / 3); atMs < lengthMs; atMs += faultEveryMs) {
    if (left.length === 0) left = [...faults];
    const fault = pick(left);
    left = left.filter((other) => other !== fault);
    steps.push({ atMs, type: 'fault', fault, forMs: between(500, 3_000) });
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
