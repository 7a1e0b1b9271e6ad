/** A centre far larger than any one machine's Asterisk could carry, made by a seed: for the router alone. */
import { agentId, contactId, legId, queueId } from '../src/base/ids.ts';
import type { ContactId } from '../src/base/ids.ts';
import { stream } from '../src/simulate/random.ts';
import type { AgentConfig } from '../src/config/agent-config.ts';
import type { NeedsRule, QueueConfig } from '../src/config/centre-config.ts';
import { strategies } from '../src/config/centre-config.ts';
import { readCentre } from '../src/config/centre-file.ts';
import { readNeeds } from '../src/config/needs.ts';
import type { Contact } from '../src/acd/contact.ts';
import type { Routing } from '../src/acd/model.ts';

/** Those that choose one agent; to ring many in one step is another thing than a match. */
const choosing = strategies.filter((strategy) => strategy !== 'ring-all');

export interface Size {
  readonly agents: number;
  readonly waiting: number;
  readonly queues: number;
  readonly skills: number;
}

export const startedAt = 1_700_000_000_000;

/** Every queue has a strategy, a need of one or two skills that widens after a minute, and agents of three levels. */
export function largeRouting({ agents, queues, skills }: Size): Routing {
  const random = stream('bench', agents, 'routing');
  const one = (below: number): number => Math.floor(random() * below);
  const skill = (n: number): string => `s${n % skills}`;
  const known = new Set(Array.from({ length: skills }, (_, n) => skill(n)));
  const rule = (text: string): NeedsRule => {
    const { rule: read } = readNeeds(text, known, []);
    if (read === undefined) throw new Error(text);
    return read;
  };
  const lines = Array.from({ length: queues }, (_, n): QueueConfig => ({
    id: queueId(`q${n}`), name: { zh: `q${n}`, en: `q${n}` },
    needs: rule(n % 3 === 0 ? `${skill(n)} >= 4 && ${skill(n + 7)} >= 1` : `${skill(n)} >= 4`),
    relax: [{ afterMs: 60_000, needs: rule(`${skill(n)} >= 1`) }],
    strategy: choosing[n % choosing.length] ?? 'longest-idle',
    ringMs: 15_000, wrapUpMs: 0, wrapUpMode: 'discretionary', serviceLevelMs: 20_000, priority: n % 5, maxWaiting: 100_000, music: 'default', record: 'never', sayAgentNumber: false,
  }));
  const people = Array.from({ length: agents }, (_, n): AgentConfig => {
    const theirs = [...new Set(Array.from({ length: 5 }, () => one(queues)))];
    const levels = Object.fromEntries([...theirs, ...theirs.map((queue) => queue + 7), one(skills), one(skills), one(skills)].map((of) => [skill(of), 1 + one(10)]));
    return {
      id: agentId(String(100_000 + n)), name: { zh: `${n}`, en: `${n}` }, role: 'agent', team: '', skills: levels, queues: theirs.map((queue) => queueId(`q${queue}`)),
      levels: Object.fromEntries(theirs.map((queue) => [`q${queue}`, { level: 1 + one(3), position: 1 + one(10), weight: 1 + one(5) }])),
    };
  });
  const centre = readCentre({ id: 'bench', name: { zh: '基准', en: 'Bench' }, timeZone: 'UTC', order: { ageing: '30s' }, admission: { callsPerSecond: 10_000 } }, []).value;
  if (centre === undefined) throw new Error('the bench’s own centre is faulty');
  return { version: 'bench', centre, queues: new Map(lines.map((it) => [it.id, it])), agents: new Map(people.map((it) => [it.id, it])) };
}

/** Who has waited up to ten minutes, some queues far longer than others; each as it comes from the store, with nothing shared. */
export function waitingContacts({ waiting, queues }: Size): Contact[] {
  const random = stream('bench', waiting, 'contacts');
  return Array.from({ length: waiting }, (_, n) => JSON.parse(JSON.stringify(waitingContact(n, Math.floor(queues * random() ** 2), startedAt - Math.floor(random() * 600_000), Math.floor(random() * 10)))) as Contact);
}

export const contactOf = (n: number): ContactId => contactId(`c-1700000000-${n}`);

/** Each from a number of its own and with an account of its own. */
function waitingContact(n: number, queue: number, at: number, priority: number): Contact {
  const [id, ani] = [contactOf(n), `138${String(n).padStart(8, '0')}`];
  const leg = legId(id.replace(/^c-(\d+)-/, '$1.'));
  const data = { account: String(10_000_000 + n), lang: '2' };
  const memory = { flow: 'hotline', version: '0123456789ab', contact: id, leg, ani, dnis: '4000', node: 'billing', tries: { timeout: 0, invalid: 0 }, moves: 4, plays: 3, language: 'zh', priority, data };
  return {
    id, leg, ani, dnis: '4000', arrivedAt: at - 20_000, flow: { name: 'hotline', version: '0123456789ab' }, language: 'zh', data,
    path: ['welcome', 'hours', 'menu', 'billing'].map((node, n) => ({ node, took: '1', at: at - 20_000 + n * 5_000 })),
    next: 6, offersMade: 0,
    state: { status: 'waiting', queue: queueId(`q${queue}`), queuedAt: at, enteredAt: at, priority, memory },
  };
}
