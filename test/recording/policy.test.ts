import { expect, test } from 'vitest';
import { isRecorded } from '../../src/recording/policy.ts';

test('a queue says whether its talks are recorded', () => {
  expect(isRecorded({ record: 'always' })).toBe(true);
  expect(isRecorded({ record: 'never' })).toBe(false);
});
