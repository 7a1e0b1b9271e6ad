// Every fault in its short form, on a centre of its own with real SIP callers, and the promises after each.

import { afterAll, expect, test } from 'vitest';
import { cases } from '../../torture/cases.ts';
import { Theatre } from '../../torture/play.ts';

const theatre = new Theatre();
afterAll(() => theatre.close());

test.each(cases.map((one) => [one.name, one] as const))('%s', async (name, one) => {
  const { skipped, failed, verdicts, figures } = await theatre.play(one, { size: 'short', seed: 1, say: () => {} });
  if (skipped) return console.log(`${name}: skipped, ${skipped.en}`);
  console.log(`${name}: ${JSON.stringify(figures)}`);
  expect({ failed, broken: verdicts.filter(({ held }) => !held) }).toEqual({ failed: undefined, broken: [] });
}, 120_000);
