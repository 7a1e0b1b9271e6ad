import { expect } from 'vitest';
import { assemble } from '../../src/simulate/assemble.ts';
import type { Scenario } from '../../src/simulate/scenario.ts';
import { readTraffic } from '../../src/simulate/traffic-file.ts';

/** A scenario from a traffic file's own words; a fault in it fails the test. */
export function scenarioOf(written: Readonly<Record<string, unknown>>): Scenario {
  const { value, findings } = readTraffic(written);
  expect(findings).toEqual([]);
  const assembled = value === undefined ? undefined : assemble(value, [], undefined);
  expect(assembled?.findings).toEqual([]);
  if (assembled?.scenario === undefined) throw new Error('the traffic file gives no scenario');
  return assembled.scenario;
}
