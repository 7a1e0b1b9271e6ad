/** The last line of a bench with --json, where there is no peer's column in it. */
import { stdout } from 'node:process';
import { quantile, rounded } from './quantile.ts';

export function printFigures(figures: Readonly<Record<string, number>>, json: boolean | undefined): void {
  if (json) stdout.write(`${JSON.stringify({ figures })}\n`);
}

export const spread = (values: readonly number[], digits = 2) => ({
  p50: rounded(quantile(values, 0.5), digits), p95: rounded(quantile(values, 0.95), digits), p99: rounded(quantile(values, 0.99), digits), max: rounded(quantile(values, 1), digits),
});
