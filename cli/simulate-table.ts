// What a simulation found, for people: one line for all, and one for each queue, class, tag and group of agents.

import type { Lang } from '../runtime/environment.ts';
import type { CallerFigure, Estimate, Figures, Results, WorkFigure } from '../src/simulate/figures.ts';

export function table(results: Results, lang: Lang): string {
  const blocks = [
    callers(lang === 'zh' ? '全部' : 'all', { '': results.all }, lang),
    callers(lang === 'zh' ? '队列' : 'queue', results.queues, lang),
    callers(lang === 'zh' ? '类别' : 'class', results.classes, lang),
    callers(lang === 'zh' ? '标签' : 'tag', results.tags, lang),
    agents(lang === 'zh' ? '班组' : 'group', results.groups, lang),
  ];
  return columns(blocks.flatMap((block) => (block.length > 1 ? [...block, []] : [])));
}

/** The first columns stand at the left, figures at the right. */
export function columns(rows: readonly (readonly string[])[], left = 1): string {
  const widths = Array.from({ length: Math.max(...rows.map((row) => row.length)) }, (_, column) => Math.max(...rows.map((row) => width(row[column] ?? ''))));
  return rows.map((row) => row.map((cell, column) => (column < left ? cell + gap(cell, widths[column]) : gap(cell, widths[column]) + cell)).join('  ').trimEnd()).join('\n');
}

type Row = readonly string[];

function callers(of: string, named: Readonly<Record<string, Figures<CallerFigure>>>, lang: Lang): Row[] {
  const titles = lang === 'zh' ? ['呼入', '服务水平', '平均等待', '九成等待', '放弃率'] : ['offered', 'service level', 'mean wait', '90 % wait', 'abandoned'];
  return [
    [of, ...titles],
    ...Object.entries(named).map(([name, { offered, serviceLevel, meanWaitMs, p90WaitMs, abandonRate }]) => [
      `  ${name}`, shown(offered, 1, 0, ''), shown(serviceLevel, 100, 1, ' %'), shown(meanWaitMs, 0.001, 1, ' s'), shown(p90WaitMs, 0.001, 1, ' s'), shown(abandonRate, 100, 1, ' %'),
    ]),
  ];
}

function agents(of: string, named: Readonly<Record<string, Figures<WorkFigure>>>, lang: Lang): Row[] {
  return [[of, ...(lang === 'zh' ? ['接听', '占用率'] : ['answered', 'occupancy'])], ...Object.entries(named).map(([name, { answered, occupancy }]) => [`  ${name}`, shown(answered, 1, 0, ''), shown(occupancy, 100, 1, ' %')])];
}

function shown({ mean, halfWidth }: Estimate, times: number, digits: number, unit: string): string {
  if (mean === null) return '–';
  return `${(mean * times).toFixed(digits)}${halfWidth === null ? '' : ` ±${(halfWidth * times).toFixed(digits)}`}${unit}`;
}

/** Chinese characters take two columns of a terminal. */
const width = (text: string): number => [...text].reduce((sum, letter) => sum + (/[\u2e80-\ua4cf\uff00-\uff60]/u.test(letter) ? 2 : 1), 0);
const gap = (text: string, columns = 0): string => ' '.repeat(Math.max(0, columns - width(text)));

/** Every figure on a line of its own: of what, of whom, which, mean, half-width. */
export function csv(results: Results): string {
  const scopes: readonly (readonly [string, Readonly<Record<string, Figures<string>>>])[] = [
    ['all', { all: results.all }],
    ['queue', results.queues],
    ['class', results.classes],
    ['tag', results.tags],
    ['interval', results.intervals],
    ['group', results.groups],
    ['agent', results.agents],
  ];
  const rows = scopes.flatMap(([scope, named]) => Object.entries(named).flatMap(([name, figures]) => Object.entries(figures).map(([figure, { mean, halfWidth }]) => [scope, name, figure, mean ?? '', halfWidth ?? ''].join(','))));
  return `${['scope,name,figure,mean,half_width', ...rows].join('\n')}\n`;
}
