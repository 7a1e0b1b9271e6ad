/** The queues that may ring an agent, and how near the front the agent stands in each: a list, or queue: level. */
import { z } from 'zod';
import { queueId } from '../base/ids.ts';
import type { QueueId } from '../base/ids.ts';
import { frontLevel } from './agent-config.ts';
import type { QueueLevel } from './agent-config.ts';
import { quoted, unknownName } from './problem.ts';
import type { Finding, Path } from './problem.ts';
import { isRecord, parse, strict } from './schema.ts';

export interface ReadAgentQueues {
  readonly queues: readonly QueueId[];
  /** Of those that are not `frontLevel`. */
  readonly levels: Readonly<Record<string, QueueLevel>>;
  readonly findings: readonly Finding[];
}

const queuesMax = 100;
export const levelMax = 100;
const number = z.int().min(1).max(levelMax);
const level = strict({ level: number.default(frontLevel.level), position: number.default(frontLevel.position), weight: number.default(1) });

export function readAgentQueues(raw: unknown, path: Path, known: readonly string[]): ReadAgentQueues {
  if (raw === undefined) return { queues: [], levels: {}, findings: [] };
  if (Array.isArray(raw)) return ofList(raw, path, known);
  if (isRecord(raw)) return ofLevels(raw, path, known);
  return { queues: [], levels: {}, findings: [{ path, ...neither }] };
}

function ofList(names: readonly unknown[], path: Path, known: readonly string[]): ReadAgentQueues {
  const findings: Finding[] = tooMany(names.length, path);
  for (const [index, name] of names.entries()) {
    const at = [...path, index];
    if (typeof name !== 'string') findings.push({ path: at, ...notAName });
    else if (!known.includes(name)) findings.push({ path: at, ...unknownName('queue', name, known) });
    else if (names.indexOf(name) < index) findings.push({ path: at, code: 'duplicate', text: { zh: `队列 ${quoted(name)} 重复出现`, en: `queue ${quoted(name)} is here twice` } });
  }
  return { queues: names.map(String).map(queueId), levels: {}, findings };
}

function ofLevels(entries: Readonly<Record<string, unknown>>, path: Path, known: readonly string[]): ReadAgentQueues {
  const names = Object.keys(entries);
  const findings: Finding[] = tooMany(names.length, path);
  const levels: Record<string, QueueLevel> = {};
  for (const [name, written] of Object.entries(entries)) {
    const at = [...path, name];
    if (!known.includes(name)) findings.push({ path: at, onKey: true, ...unknownName('queue', name, known) });
    const read = isRecord(written) ? parse(level, written, at) : parse(level.shape.level, written, at);
    findings.push(...read.findings);
    if (read.value === undefined) continue;
    const { weight, ...given } = typeof read.value === 'number' ? { ...frontLevel, level: read.value, weight: 1 } : read.value;
    if (given.level !== frontLevel.level || given.position !== frontLevel.position || weight !== 1) levels[name] = { ...given, ...(weight !== 1 && { weight }) };
  }
  return { queues: names.map(queueId), levels, findings };
}

const tooMany = (count: number, path: Path): Finding[] =>
  count > queuesMax ? [{ path, onKey: true, code: 'too-many', text: { zh: `队列超过 ${queuesMax} 个`, en: `more than ${queuesMax} queues` } }] : [];

const notAName = { code: 'wrong-type', text: { zh: '此处应为队列名', en: 'this should be the name of a queue' } };
const neither = {
  code: 'wrong-type',
  text: { zh: '此处应为队列名的列表，或“队列名: 级别”', en: 'this should be a list of queues, or a block of “queue: level”' },
  hint: { zh: '例如：[billing, general] 或 { billing: 1, general: 2 }', en: 'such as [billing, general], or { billing: 1, general: 2 }' },
};
