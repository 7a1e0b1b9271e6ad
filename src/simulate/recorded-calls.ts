/**
 * A record of real calls as CSV, one line a call, in the order of any centre's own report:
 *
 *   date,arrival_s,class,priority,customer,ivr_s,wait_s,outcome,talk_s,agent
 *
 * and the Anonymous Bank's files as they are (type, queue_wait_s, service_s; outcomes AGENT, HANG and PHANTOM).
 */
import type { Problem } from '../config/problem.ts';
import { quoted } from '../config/problem.ts';
import type { Text } from '../base/text.ts';

export interface SeenCall {
  readonly date: string;
  /** When the caller came to the queue, in milliseconds of the day. */
  readonly at: number;
  readonly class: string;
  readonly priority: number;
  readonly customer: string;
  readonly waitMs: number;
  readonly answered: boolean;
  readonly talkMs: number;
  readonly agent: string;
}

export interface CallRecord {
  readonly calls: readonly SeenCall[];
  /** Lines that are no call to a queue: who hung up in the menu, and what the record itself calls phantoms. */
  readonly passedOver: number;
  readonly problems: readonly Problem[];
}

export const recordBytesMax = 200_000_000;
const problemsMax = 20;

export function readCalls(file: string, text: string): CallRecord {
  const lines = text.split(/\r?\n/);
  const columns = (lines[0] ?? '').split(',').map((column) => column.trim().toLowerCase());
  const places = new Map(known.map(([field, ...names]) => [field, columns.findIndex((column) => names.some((name) => name === column))]));
  const at = (field: Field): number => places.get(field) ?? -1;
  const problems: Problem[] = [];
  const problem = (row: number, column: number, text: Text): void => {
    const source = lines[row] ?? '';
    const before = source.split(',').slice(0, Math.max(0, column)).join(',').length;
    problems.push({ file, line: row + 1, column: column <= 0 ? 1 : before + 2, length: Math.max(1, source.split(',')[column]?.length ?? 1), severity: 'error', code: 'bad-record', text, source });
  };
  for (const field of needed) if (at(field) < 0) problem(0, 0, { zh: `缺少列 ${columnOf(field)}`, en: `there is no column ${columnOf(field)}` });
  const calls: SeenCall[] = [];
  let passedOver = 0;
  for (let row = 1; row < lines.length && problems.length < problemsMax; row += 1) {
    if ((lines[row] ?? '').trim() === '') continue;
    const cells = (lines[row] ?? '').split(',');
    const cell = (field: Field): string => cells[at(field)]?.trim() ?? '';
    const number = (field: Field): number => {
      const value = cell(field) === '' ? 0 : Number(cell(field));
      if (!Number.isFinite(value) || value < 0) problem(row, at(field), { zh: `${quoted(cell(field))} 不是数字`, en: `${quoted(cell(field))} is not a number` });
      return value;
    };
    const outcome = outcomes[cell('outcome').toLowerCase()];
    if (outcome === undefined) {
      problem(row, at('outcome'), { zh: `没有名为 ${quoted(cell('outcome'))} 的结果，可写 answered、abandoned`, en: `there is no outcome ${quoted(cell('outcome'))}; write answered or abandoned` });
    } else if (outcome === 'none' || (outcome === 'abandoned' && cell('entered') === '0')) {
      passedOver += 1;
    } else {
      calls.push({
        date: cell('date'), at: Math.round((number('arrival') + number('ivr')) * 1_000), class: cell('class'), priority: number('priority'), customer: cell('customer'),
        waitMs: Math.round(number('wait') * 1_000), answered: outcome === 'answered', talkMs: Math.round(number('talk') * 1_000), agent: cell('agent'),
      });
    }
  }
  return { calls, passedOver, problems };
}

/** What is in which column: our own name of it, then the bank's. */
const known = [
  ['date', 'date'],
  ['arrival', 'arrival_s'],
  ['class', 'class', 'type'],
  ['priority', 'priority'],
  ['customer', 'customer'],
  ['ivr', 'ivr_s'],
  ['wait', 'wait_s', 'queue_wait_s'],
  ['outcome', 'outcome'],
  ['talk', 'talk_s', 'service_s'],
  ['agent', 'agent'],
  ['entered', 'entered_queue'],
] as const;
type Field = (typeof known)[number][0];
const needed: readonly Field[] = ['arrival', 'class', 'wait', 'outcome', 'talk'];
const columnOf = (field: Field): string => known.find(([name]) => name === field)?.[1] ?? field;

const outcomes: Readonly<Record<string, 'answered' | 'abandoned' | 'none'>> = { answered: 'answered', agent: 'answered', abandoned: 'abandoned', hang: 'abandoned', phantom: 'none' };
