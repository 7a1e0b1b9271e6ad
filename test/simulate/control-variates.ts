import { studentT } from '../../src/simulate/student.ts';

export interface Adjusted {
  readonly mean: number;
  readonly halfWidth: number;
}

/**
 * The mean of samples, each measured together with controls whose expectations are known: what a sample owes to controls
 * that were off is taken out by linear regression (control variates; Lavenberg and Welch 1981). Samples are independent.
 */
export function adjusted(samples: readonly number[], controls: readonly (readonly number[])[], expected: readonly number[], confidence: number): Adjusted {
  const many = samples.length;
  const centre = average(samples);
  const centres = expected.map((_, column) => average(controls.map((row) => row[column] ?? 0)));
  const off = controls.map((row) => row.map((value, column) => value - (centres[column] ?? 0)));
  const normal = expected.map((_, a) => [...expected.map((_, b) => average(off.map((row) => (row[a] ?? 0) * (row[b] ?? 0)))), average(off.map((row, index) => (row[a] ?? 0) * ((samples[index] ?? 0) - centre)))]);
  const slopes = solved(normal);
  const predicted = (row: readonly number[]): number => row.reduce((sum, value, column) => sum + value * (slopes[column] ?? 0), 0);
  const left = off.reduce((sum, row, index) => sum + ((samples[index] ?? 0) - centre - predicted(row)) ** 2, 0);
  const freedom = many - expected.length - 1;
  return { mean: centre - predicted(centres.map((value, column) => value - (expected[column] ?? 0))), halfWidth: studentT(confidence, freedom) * Math.sqrt(left / freedom / many) };
}

const average = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Gauss and Jordan, for a few equations; each row ends with its right side. */
function solved(rows: readonly (readonly number[])[]): number[] {
  const work = rows.map((row) => [...row]);
  work.forEach((pivot, at) => {
    for (const row of work) {
      if (row === pivot) continue;
      const times = (row[at] ?? 0) / (pivot[at] ?? 1);
      row.forEach((value, column) => (row[column] = value - times * (pivot[column] ?? 0)));
    }
  });
  return work.map((row, at) => (row.at(-1) ?? 0) / (row[at] ?? 1));
}
