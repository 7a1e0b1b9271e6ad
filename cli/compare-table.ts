// What another configuration would have changed, for people.

import { assertNever } from '../src/base/assert.ts';
import type { Text } from '../src/base/text.ts';
import type { Differences, Group } from '../src/simulate/differences.ts';
import type { Compared, Figures, Results } from '../src/simulate/figures.ts';
import type { WayEnd } from '../src/simulate/ways.ts';
import type { Lang } from '../runtime/environment.ts';
import { columns } from './simulate-table.ts';

export function compareHeadline({ contacts, groups, agents, centre }: Differences, lang: Lang): string {
  const zh = lang === 'zh';
  const changed = groups.reduce((sum, group) => sum + group.contacts, 0);
  if (changed > 0) return zh ? `${contacts} 通来话中，${changed} 通的处理会有不同。` : `Of ${contacts} contacts, ${changed} would have been decided otherwise.`;
  if (agents.size > 0 || centre) return zh ? `${contacts} 通来话的处理均相同；有 ${agents.size} 名坐席的状态会有不同。` : `None of ${contacts} contacts would have been decided otherwise; of ${agents.size} agents other states.`;
  return zh ? `${contacts} 通来话，没有任何决定不同。` : `Of ${contacts} contacts, not one decision differs.`;
}

export function groupsTable(groups: readonly Group[], lang: Lang): string {
  const zh = lang === 'zh';
  const rows = groups.map((group) => [group.queue, changeText(group)[lang], String(group.contacts), seconds(group.waitMs / group.contacts), group.examples.slice(0, 2).join(' ')]);
  return columns([zh ? ['队列', '变化', '通数', '平均等待变化', '例'] : ['queue', 'change', 'contacts', 'mean wait by', 'such as'], ...rows], 2);
}

function changeText(group: Group): Text {
  switch (group.what) {
    case 'end':
      return { zh: `${ends[group.to].zh}，原为${ends[group.from].zh}`, en: `${ends[group.to].en} instead of ${ends[group.from].en}` };
    case 'queue':
      return { zh: `到 ${group.to}，原到 ${group.from}`, en: `to ${group.to} instead of ${group.from}` };
    case 'agent':
      return { zh: '由另一名坐席接听', en: 'answered by another agent' };
    case 'sooner':
      return { zh: '更早', en: 'sooner' };
    case 'later':
      return { zh: '更晚', en: 'later' };
    case 'offers':
      return { zh: '途中振铃的坐席不同', en: 'other phones rang on the way' };
    case 'other':
      return { zh: '其他决定不同', en: 'something else was decided' };
    case 'calls-again':
      return { zh: '会再次来电', en: 'calls again' };
    case 'calls-no-more':
      return { zh: '不再重拨', en: 'calls again no more' };
    default:
      return assertNever(group);
  }
}

const ends: { readonly [End in WayEnd]: Text } = {
  answered: { zh: '接通', en: 'answered' },
  abandoned: { zh: '放弃', en: 'abandoned' },
  'turned-away': { zh: '被拒', en: 'turned away' },
  waiting: { zh: '仍在等待', en: 'still waiting' },
};

/** Before, after, and the change with its half-width. */
export function compareTable(results: Results<Compared>, lang: Lang): string {
  const zh = lang === 'zh';
  const blocks = [
    callers(zh ? '全部' : 'all', { '': results.all }, lang),
    callers(zh ? '队列' : 'queue', results.queues, lang),
    callers(zh ? '标签' : 'tag', results.tags, lang),
    [[zh ? '班组' : 'group', zh ? '占用率' : 'occupancy'], ...Object.entries({ '': results.all, ...results.groups }).map(([name, { occupancy }]) => [`  ${name}`, shown(occupancy, 100, 1, ' %')])],
  ];
  return columns(blocks.flatMap((block) => (block.length > 1 ? [...block, []] : [])));
}

type Shown = 'offered' | 'serviceLevel' | 'meanWaitMs' | 'p90WaitMs' | 'abandonRate';

const callers = (of: string, named: Readonly<Record<string, Figures<Shown, Compared>>>, lang: Lang): readonly (readonly string[])[] => [
  [of, ...(lang === 'zh' ? ['呼入', '服务水平', '平均等待', '九成等待', '放弃率'] : ['offered', 'service level', 'mean wait', '90 % wait', 'abandoned'])],
  ...Object.entries(named).map(([name, { offered, serviceLevel, meanWaitMs, p90WaitMs, abandonRate }]) => [
    `  ${name}`, shown(offered, 1, 0, ''), shown(serviceLevel, 100, 1, ' %'), shown(meanWaitMs, 0.001, 1, ' s'), shown(p90WaitMs, 0.001, 1, ' s'), shown(abandonRate, 100, 1, ' %'),
  ]),
];

function shown({ before, after, change }: Compared, times: number, digits: number, unit: string): string {
  const value = (mean: number | null): string => (mean === null ? '–' : (mean * times).toFixed(digits));
  const by = change.mean === null || change.mean === 0 ? '' : ` (${change.mean > 0 ? '+' : '−'}${Math.abs(change.mean * times).toFixed(digits)}${change.halfWidth === null ? '' : ` ±${(change.halfWidth * times).toFixed(digits)}`})`;
  return `${value(before.mean)} → ${value(after.mean)}${unit}${by}`;
}

const seconds = (ms: number): string => `${ms > 0 ? '+' : ms < 0 ? '−' : ''}${Math.abs(ms / 1_000).toFixed(1)} s`;
