import { expect, test } from 'vitest';
import type { Needs } from '../../src/config/centre-config.ts';
import { readNeeds } from '../../src/config/needs.ts';

const skills = new Set(['billing', 'lang_zh', 'lang_en', 'trainee']);
const tree = (text: string): Needs | undefined => readNeeds(text, skills, []).rule?.tree;
const level = (skill: string, is: Extract<Needs, { type: 'level' }>['is'], at: number): Needs => ({ type: 'level', skill, is, level: at });

test('levels, brackets, and, or, not', () => {
  expect(tree('billing >= 3 && (lang_zh >= 1 || !trainee)')).toEqual({
    type: 'all',
    of: [level('billing', '>=', 3), { type: 'any', of: [level('lang_zh', '>=', 1), { type: 'not', of: level('trainee', '>=', 1) }] }],
  });
});

test('a chain of && is one list', () => {
  expect(tree('billing && lang_zh && lang_en')).toEqual({ type: 'all', of: [level('billing', '>=', 1), level('lang_zh', '>=', 1), level('lang_en', '>=', 1)] });
});

test('the level may stand in front', () => {
  expect(tree('3 <= billing')).toEqual(level('billing', '>=', 3));
});

test('true, or nothing, is anyone', () => {
  expect(tree('true')).toEqual({ type: 'anyone' });
  expect(tree('  ')).toEqual({ type: 'anyone' });
});

test.each([
  ['billing >= lang_zh', 0, 18],
  ['billing + 1 > 2', 0, 15],
  ['size(billing) > 2', 0, 17],
  ['"billing"', 0, 9],
  ['billing >= 2.5', 11, 14],
  ['lang_zh && nobody', 11, 17],
])('%s is refused where it goes wrong', (text, start, end) => {
  expect(readNeeds(text, skills, ['q', 'needs']).findings).toEqual([expect.objectContaining({ path: ['q', 'needs'], within: { start, end } })]);
});

test('every unknown skill is told, not the first', () => {
  const { findings } = readNeeds('biling && lang_cn', skills, []);
  expect(findings.map(({ hint }) => hint?.en)).toEqual(['did you mean "billing"?', 'did you mean "lang_en"?']);
});

test('a text of any length is refused quickly', () => {
  expect(readNeeds('('.repeat(100_000), skills, []).findings).toHaveLength(1);
  expect(readNeeds('!'.repeat(900) + 'billing', skills, []).findings.length + 1).toBeGreaterThan(0);
});
