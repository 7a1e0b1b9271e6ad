/**
 * The rule of docs/routing.md, stated once more from its text and from nothing of the router: who goes before whom, and
 * what a contact asks of an agent at a moment.
 */
import type { AgentConfig } from '../../src/config/agent-config.ts';
import type { CentreConfig, Needs, Tier, Widening } from '../../src/config/centre-config.ts';

export type OrderRules = Pick<CentreConfig, 'version' | 'centre' | 'queues' | 'agents'>;

/** A contact that stands in a line, as its events tell it. */
export interface Place {
  readonly contact: string;
  readonly queue: string;
  readonly priority: number;
  readonly tier?: Tier | undefined;
  readonly queuedAt: number;
  readonly enteredAt: number;
  readonly asks?: readonly Widening[] | undefined;
  /** In front of whom it stands by request, and how far. */
  readonly seat?: { readonly like: Like; readonly at: number } | undefined;
  /** How many steps its asking has widened: the queue's needs, its own, the levels. */
  readonly widened: { readonly needs: number; readonly own: number; readonly level: number };
  /** Only this agent is rung for it; null: nobody yet. */
  readonly hold?: { readonly for: string | null } | undefined;
  readonly data: Readonly<Record<string, string>>;
  /** Phones that ring for it. */
  readonly offers: ReadonlySet<string>;
  /** In line without a caller who could be joined: to be called back. */
  readonly absent: boolean;
}
interface Like {
  readonly id: string;
  readonly queuedAt: number;
  readonly priority: number;
  readonly tier?: Tier | undefined;
}

/** 有效优先级: the contact's own, the points of the customer's tier, the weight of the queue. */
export function effective({ priority, tier, queue }: { readonly priority: number; readonly tier?: Tier | undefined; readonly queue: string }, rules: OrderRules | undefined): number {
  const weight = rules === undefined ? 0 : ([...rules.queues.values()].find(({ id }) => id === queue)?.priority ?? 0);
  return priority + weight + (tier === 'vip' ? (rules?.centre.order.vip ?? 0) : 0);
}

/** In one queue, or between two where the agent serves both. */
export function goesBefore(one: Place, other: Place, rules: OrderRules | undefined): boolean {
  const [a, b] = [standingOf(one), standingOf(other)];
  if (one.queue !== other.queue && rules?.centre.order.acrossQueues === 'longest-waiting' && a.queuedAt !== b.queuedAt) return a.queuedAt < b.queuedAt;
  const [mine, theirs] = [effective({ ...a, queue: one.queue }, rules), effective({ ...b, queue: other.queue }, rules)];
  const ageing = rules?.centre.order.ageingMs;
  if (ageing === undefined && mine !== theirs) return mine > theirs;
  const [aged, ages] = [a.queuedAt - mine * (ageing ?? 0), b.queuedAt - theirs * (ageing ?? 0)];
  if (aged !== ages) return aged < ages;
  if (a.queuedAt !== b.queuedAt) return a.queuedAt < b.queuedAt;
  // One who asked for the place stands in front of whose place it was; of several the later one, who has it now.
  if (a.id === b.id) return (one.seat?.at ?? 0) < (other.seat?.at ?? 0);
  return a.id < b.id;
}

const standingOf = ({ seat, contact, queuedAt, priority, tier }: Place): Like => seat?.like ?? { id: contact, queuedAt, priority, tier };

/** Undefined: nothing that is asked of the agent is missing. What depends on a sealed variable nobody here can tell. */
export function missing(place: Place, agent: string, rules: OrderRules): string | undefined | 'unknown' {
  const config = [...rules.agents.values()].find(({ id }) => id === agent);
  const queue = [...rules.queues.values()].find(({ id }) => id === place.queue);
  if (config === undefined || queue === undefined || !config.queues.some((id) => id === place.queue)) return `${agent} is not in ${place.queue}`;
  if (place.hold !== undefined && place.hold.for !== agent) return `it was kept for ${place.hold.for ?? 'whom it had talked to last'}`;
  const steps = [queue.needs, ...(queue.relax ?? []).map(({ needs }) => needs)];
  const own = place.asks?.[Math.min(place.widened.own, place.asks.length - 1)]?.needs;
  for (const rule of [steps[Math.min(place.widened.needs, steps.length - 1)], own]) {
    const met = rule === undefined ? true : meets(config, rule.tree, place.data);
    if (met === 'unknown') return met;
    if (!met) return `${agent} does not meet ${rule?.text ?? ''}`;
  }
  const level = config.levels?.[place.queue]?.level ?? 1;
  if (place.hold === undefined && queue.levelWaitMs !== undefined && level > 1 + place.widened.level) return `${agent} is of level ${level}, and ${1 + place.widened.level} was the highest to be rung`;
  return undefined;
}

function meets({ skills }: AgentConfig, needs: Needs, data: Place['data']): boolean | 'unknown' {
  const all = (parts: readonly Needs[]): readonly (boolean | 'unknown')[] => parts.map((part) => meets({ skills } as AgentConfig, part, data));
  switch (needs.type) {
    case 'anyone':
      return true;
    case 'level':
      return holds(skills[needs.skill] ?? 0, needs.is, needs.level);
    case 'variable': {
      const text = data[needs.variable] ?? '';
      if (text.startsWith('sealed.')) return 'unknown';
      return holds(skills[needs.skill] ?? 0, needs.is, /^(\d|10)$/.test(text) ? Number(text) : 0);
    }
    case 'all': {
      const parts = all(needs.of);
      return parts.includes(false) ? false : parts.includes('unknown') ? 'unknown' : true;
    }
    case 'any': {
      const parts = all(needs.of);
      return parts.includes(true) ? true : parts.includes('unknown') ? 'unknown' : false;
    }
    case 'not': {
      const [part] = all([needs.of]);
      return part === 'unknown' ? part : part !== true;
    }
  }
}

function holds(has: number, is: Extract<Needs, { type: 'level' }>['is'], level: number): boolean {
  switch (is) {
    case '>=': return has >= level;
    case '>': return has > level;
    case '<=': return has <= level;
    case '<': return has < level;
    case '==': return has === level;
    case '!=': return has !== level;
  }
}

/** A step that was taken before its time: 逐步放宽 and 梯次 count from coming into the queue, its own steps from the beginning. */
export function tooEarly(place: Place, { needs, own, level }: Place['widened'], at: number, rules: OrderRules): string | undefined {
  const queue = [...rules.queues.values()].find(({ id }) => id === place.queue);
  const due = (name: string, begins: number | undefined): string | undefined => (begins !== undefined && begins > at ? `${name} ${begins - at} ms before its time` : undefined);
  const after = (from: number, ms: number | undefined): number | undefined => (ms === undefined ? undefined : from + ms);
  return (needs > place.widened.needs ? due(`step ${needs} of ${place.queue}`, after(place.enteredAt, queue?.relax?.[needs - 1]?.afterMs)) : undefined)
    ?? (own > place.widened.own ? due(`its own step ${own}`, after(place.queuedAt, place.asks?.[own]?.afterMs)) : undefined)
    ?? (level > place.widened.level ? due(`level ${level + 1}`, after(place.enteredAt, queue?.levelWaitMs === undefined ? undefined : queue.levelWaitMs * level)) : undefined);
}
