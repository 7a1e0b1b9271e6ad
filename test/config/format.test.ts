import { expect, test } from 'vitest';
import { formatProblem } from '../../src/config/format.ts';
import type { Problem } from '../../src/config/problem.ts';

const problem: Problem = {
  file: 'queues.yaml', line: 7, column: 19, length: 4, severity: 'error', code: 'unknown-field', source: '  账单: { zh: 组, nmae: x }',
  text: { zh: '没有名为 "nmae" 的字段', en: 'there is no field "nmae"' },
  hint: { zh: '是否想写 "name"？', en: 'did you mean "name"?' },
};

test('the mark stands below the word, though Chinese characters are two columns wide', () => {
  const column = problem.source.indexOf('nmae') + 1;
  const lines = formatProblem({ ...problem, column }, 'en').split('\n');
  expect(lines).toEqual([
    `queues.yaml:7:${column}: error: there is no field "nmae" [unknown-field]`,
    ' 7 |   账单: { zh: 组, nmae: x }',
    `   | ${' '.repeat(18)}^^^^`,
    '   hint: did you mean "name"?',
  ]);
});

test('a tab stays a tab, so that the mark moves with it', () => {
  expect(formatProblem({ ...problem, column: 2, length: 1, source: '\tx: 1' }, 'zh').split('\n')[2]).toBe('   | \t^');
});

test('a problem of the whole file has no line to show', () => {
  const { hint: _, ...bare } = problem;
  expect(formatProblem({ ...bare, source: '' }, 'zh')).toBe('queues.yaml:7:19: 错误: 没有名为 "nmae" 的字段 [unknown-field]');
});
