import { expect, test } from 'vitest';
import { numberWords } from '../../src/ivr/numbers.ts';
import { queuePrompts } from '../../src/ivr/queue-prompts.ts';

const spoken = (number: number, language: 'zh' | 'en', counts = false): string => numberWords(number, language, counts).map((name) => queuePrompts[name]?.[language] ?? '?').join(language === 'zh' ? '' : ' ');

test.each([
  [0, '零'], [1, '一'], [2, '二'], [10, '十'], [12, '十二'], [20, '二十'], [22, '二十二'], [99, '九十九'], [100, '一百'], [101, '一百零一'], [110, '一百一十'],
  [112, '一百一十二'], [120, '一百二十'], [200, '两百'], [202, '两百零二'], [222, '两百二十二'], [1_000, '一千'], [1_001, '一千零一'], [1_010, '一千零一十'], [2_020, '两千零二十'], [2_200, '两千两百'], [9_999, '九千九百九十九'],
])('%d is read %s in Chinese', (number, read) => {
  expect(spoken(number, 'zh')).toBe(read);
});

test('two things are 两, and twelve or twenty-two are not', () => {
  expect([2, 12, 22, 200].map((number) => spoken(number, 'zh', true))).toEqual(['两', '十二', '二十二', '两百']);
});

test.each([[0, 'zero'], [7, 'seven'], [13, 'thirteen'], [20, 'twenty'], [21, 'twenty one'], [40, 'forty'], [99, 'ninety nine'], [100, 'one hundred'], [111, 'one hundred eleven'], [120, 'one hundred twenty'], [999, 'nine hundred ninety nine'], [2_005, 'two thousand five']])('%d is read %s in English', (number, read) => {
  expect(spoken(number, 'en')).toBe(read);
});

test('every number has its words, in both languages', () => {
  for (let number = 0; number <= 9_999; number += 1) for (const language of ['zh', 'en'] as const) expect(spoken(number, language, number % 2 === 0)).not.toContain('?');
});
