import { expect, test } from 'vitest';
import { studentT } from '../../src/simulate/student.ts';

/** Abramowitz and Stegun, table 26.10. */
test.each([
  [0.95, 1, 12.706],
  [0.95, 2, 4.303],
  [0.95, 9, 2.262],
  [0.95, 30, 2.042],
  [0.99, 5, 4.032],
  [0.99, 19, 2.861],
  [0.9, 4, 2.132],
  [0.999, 60, 3.46],
])('%d of a Student variable with %d degrees of freedom is within %d', (confidence, freedom, t) => {
  expect(studentT(confidence, freedom)).toBeCloseTo(t, 3);
});

test('with many degrees of freedom it is the normal one', () => {
  expect(studentT(0.95, 100_000)).toBeCloseTo(1.95996, 4);
});
