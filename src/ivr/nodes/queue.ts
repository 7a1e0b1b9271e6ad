/** Leaves the flow for a waiting line, and says where its ways out lead. The priority is added to what `set` gave. */
import { z } from 'zod';
import { agentId, queueId } from '../../base/ids.ts';
import type { QueueId } from '../../base/ids.ts';
import type { Tier, Widening } from '../../config/centre-config.ts';
import { duration } from '../../config/duration.ts';
import { readNeeds } from '../../config/needs.ts';
import { variablesIn } from '../../config/needs-parts.ts';
import type { Path } from '../../config/problem.ts';
import { stepFindings } from '../../config/reach.ts';
import { readRelax, relaxShape } from '../../config/relax.ts';
import { isRecord, line, strict } from '../../config/schema.ts';
import type { Key } from '../../telephony/port.ts';
import { readKeys, target } from '../flow-reader.ts';
import type { Place, Reader, ReadNode } from '../flow-reader.ts';
import { go, stay } from '../visit.ts';
import type { FlowExit, Input, Outcome, QueueWay, Visit } from '../visit.ts';
import { builtIn } from './built-in.ts';
import { callbackNodes } from './callback.ts';

export interface QueueNode {
  readonly kind: 'queue';
  readonly queue: QueueId;
  readonly priority: number;
  readonly tier?: Tier;
  /** The place in line that is asked for. */
  readonly position?: number;
  /** One agent who is waited for first: by number, or by the name of the variable that holds it. */
  readonly agent?: { readonly named: string; readonly waitMs: number };
  /** What it asks of the agent beside the queue: at once, and after so long a wait. */
  readonly asks?: readonly Widening[];
  readonly ways: { readonly [Way in QueueWay]: string };
  /** Lead on from the waiting line, in which the caller keeps the place. */
  readonly keys: ReadonlyMap<Key, string>;
}

const ways = { closed: target.optional(), full: target.optional(), empty: target.optional(), diverted: target.optional(), waited: target.optional(), withdrawn: target.optional() };
const schema = strict({ queue: z.string(), priority: z.int().min(-1_000).max(1_000).default(0), tier: z.enum(['vip', 'ordinary']).default('ordinary'), position: z.int().min(1).max(100_000).optional(), agent: z.union([z.string(), z.number()]).transform(String).optional(), agentWait: duration({ min: '1s', max: '1h' }).default(30_000), needs: line.optional(), relax: relaxShape.optional(), keys: z.record(z.string(), target).default({}), ...ways });

export const readQueue: ReadNode<QueueNode> = (raw, place, reader) => {
  const read = reader.parse(schema, raw, place.path);
  if (!read) return undefined;
  reader.check('queue', read.queue, [...place.path, 'queue']);
  const { tier, position } = read;
  const asks = readAsks(raw, place, reader);
  if (read.agent !== undefined) {
    if (isNumber(read.agent)) reader.check('agent', read.agent, [...place.path, 'agent']);
    else reader.mentions.push({ variable: read.agent, path: [...place.path, 'agent'] });
  }
  const way = (name: QueueWay, or: string): string => (read[name] === undefined ? or : reader.target(read[name], place, name));
  const full = way('full', builtIn.queueFull);
  return {
    kind: 'queue', queue: queueId(read.queue), priority: read.priority, ...(tier === 'vip' && { tier }), ...(position !== undefined && { position }), ...(read.agent !== undefined && { agent: { named: read.agent, waitMs: read.agentWait } }), ...(asks.length > 0 && { asks }), keys: readKeys(read.keys, place, reader),
    ways: { closed: way('closed', builtIn.queueClosed), full, empty: way('empty', builtIn.noAgents), diverted: way('diverted', full), waited: way('waited', full), withdrawn: way('withdrawn', builtIn.sorry) },
  };
};

export function enterQueue(node: QueueNode, { memory }: Visit): Outcome {
  const { queue, priority, tier, position, keys, asks } = node;
  const agent = agentOf(node, memory.data);
  return { do: 'leave', took: `queue ${queue}`, exit: { to: 'queue', queue, priority: memory.priority + priority, ...(tier && { tier }), ...(position !== undefined && { position }), ...(agent && { agent }), ...(asks && { asks }), ...(keys.size > 0 && { keys: [...keys.keys()] }) } };
}

const isNumber = (text: string): boolean => /^\d+$/.test(text);

/** None where the variable holds no number; that there is no such agent is the router's to find out. */
function agentOf({ agent }: QueueNode, data: Visit['memory']['data']): Extract<FlowExit, { to: 'queue' }>['agent'] {
  const number = agent === undefined || isNumber(agent.named) ? agent?.named : data[agent.named];
  return agent === undefined || number === undefined || !isNumber(number) ? undefined : { id: agentId(number), waitMs: agent.waitMs };
}

/** `needs` of its own and the steps in which they widen. */
function readAsks(raw: unknown, { path }: Place, reader: Reader): readonly Widening[] {
  if (!isRecord(raw) || (raw['needs'] === undefined && raw['relax'] === undefined)) return [];
  if (raw['needs'] === undefined) reader.found([...path, 'relax'], nothingToRelax);
  const first = readNeeds(String(raw['needs'] ?? 'true'), reader.skills, [...path, 'needs']);
  const relax = readRelax(raw['relax'], reader.skills, [...path, 'relax']);
  reader.findings.push(...first.findings, ...relax.findings);
  if (first.rule === undefined || first.findings.length + relax.findings.length > 0) return [];
  const asks = [{ afterMs: 0, needs: first.rule }, ...relax.steps];
  const pathOf = (index: number): Path => (index === 0 ? [...path, 'needs'] : [...path, 'relax', index - 1, 'needs']);
  for (const [index, { needs }] of asks.entries()) for (const variable of variablesIn(needs.tree)) reader.mentions.push({ variable, path: pathOf(index) });
  reader.findings.push(...stepFindings(asks.map(({ needs }, index) => ({ rule: needs, path: pathOf(index) })), reader.serving(String(raw['queue']))));
  return asks;
}

const nothingToRelax = { code: 'nothing-to-relax', text: { zh: '没有 needs，无可放宽', en: 'there are no needs here that could widen' }, hint: { zh: '请写 needs，或删去 relax', en: 'write needs, or remove relax' } };

export function hearQueue(node: QueueNode, visit: Visit, input: Input): Outcome {
  if (input.type === 'turned-away' && input.why !== 'callback') return go(input.key === undefined ? node.ways[input.why] : (node.keys.get(input.key) ?? node.ways.full), input.key ?? input.why);
  if (input.type === 'turned-away') return go(callbackNodes.confirm, input.key ?? input.why, { changes: { callback: { queue: node.queue, back: visit.memory.node, number: '' } } });
  return input.type === 'resumed' ? enterQueue(node, visit) : stay;
}
