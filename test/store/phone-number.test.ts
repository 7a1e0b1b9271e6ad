import { expect, test } from 'vitest';
import { normaliseNumber } from '../../src/store/phone-number.ts';

test.each([
  ['13800138000', '+8613800138000'],
  ['013800138000', '+8613800138000'],
  ['+86 138-0013-8000', '+8613800138000'],
  ['0086 13800138000', '+8613800138000'],
  ['021-6123 4567', '+862161234567'],
  ['+44 20 7946 0958', '+442079460958'],
  ['1001', '1001'],
  ['95588', '95588'],
  ['88886666', '88886666'],
  ['anonymous', ''],
  ['', ''],
])('%s is %s', (written, normal) => {
  expect(normaliseNumber(written)).toBe(normal);
});

test('the normal spelling is its own', () => {
  for (const number of ['+8613800138000', '+862161234567', '1001', '88886666', '']) expect(normaliseNumber(number)).toBe(number);
});
