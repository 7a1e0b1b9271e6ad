/** Whatever a caller and the switch do, in whatever order: a flow always waits for something that will come. */
import fc from 'fast-check';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { playId } from '../../src/base/ids.ts';
import { loadCentre } from '../../src/config/load.ts';
import { begin, react } from '../../src/ivr/interpret.ts';
import type { Step } from '../../src/ivr/interpret.ts';
import { readMemory } from '../../src/ivr/memory.ts';
import { keysAheadMax } from '../../src/ivr/visit.ts';
import type { Input } from '../../src/ivr/visit.ts';
import type { Key } from '../../src/telephony/port.ts';
import { at0, call } from './flows.ts';

const loaded = loadCentre(join(import.meta.dirname, '../../config'));
if (!loaded.ok) throw new Error('the sample centre should be good');
const { config } = loaded;

const keys: readonly Key[] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '#', 'A', 'D'];
const move = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...keys).map((key) => ({ does: 'press' as const, key })) },
  { weight: 3, arbitrary: fc.constant({ does: 'listen' as const }) },
  { weight: 3, arbitrary: fc.constant({ does: 'wait' as const }) },
  { weight: 1, arbitrary: fc.constantFrom('late-play', 'early-deadline', 'restart', 'turn-away', 'fail-transfer').map((does) => ({ does })) },
);
type Move = typeof move extends fc.Arbitrary<infer Each> ? Each : never;

function inputOf(made: Move, step: Step, at: number): Input | null {
  if ('key' in made) return { type: 'key-pressed', at, key: made.key };
  switch (made.does) {
    case 'listen':
      return step.live.play === null ? null : { type: 'play-ended', at: at + 1_500, play: step.live.play };
    case 'wait':
      return step.live.deadline === null ? null : { type: 'deadline', at: Math.max(at, step.live.deadline) };
    case 'late-play':
      return { type: 'play-ended', at, play: playId('rx-p-c-1-f0') };
    case 'early-deadline':
      return { type: 'deadline', at };
    case 'turn-away':
      return { type: 'turned-away', at, why: 'full' };
    case 'fail-transfer':
      return { type: 'transfer-failed', at };
    default:
      return { type: 'resumed', at };
  }
}

test.each([...config.flows.keys()])('flow %s', (name) => {
  const flow = config.flows.get(name);
  if (!flow) throw new Error(name);
  fc.assert(
    fc.property(fc.array(move, { maxLength: 80 }), fc.integer({ min: 0, max: 20 * 24 * 3_600_000 }), (moves, offset) => {
      let now = at0 + offset;
      let step = begin(flow, config, call, now);
      const plays = new Set<string>();
      for (const made of moves) {
        if (step.exit && !['turn-away', 'fail-transfer'].includes(made.does)) continue;
        const input = inputOf(made, step, now);
        if (!input) continue;
        now = input.at;
        step = react(flow, config, step, input);
        expectSound(step, plays);
      }
    }),
    { numRuns: 400 },
  );
});

function expectSound(step: Step, plays: Set<string>): void {
  // It has left, or it is saying something and has a deadline besides, or it waits for a deadline.
  if (!step.exit) expect(step.live.deadline).not.toBeNull();
  else expect(step.live.play).toBeNull();
  for (const order of step.orders) {
    if (order.type !== 'play') continue;
    expect(order.media.length).toBeGreaterThan(0);
    expect(plays.has(order.play)).toBe(false);
    plays.add(order.play);
    expect(step.live.play).toBe(order.play);
  }
  expect(step.orders.filter(({ type }) => type === 'play').length).toBeLessThanOrEqual(1);
  expect(step.live.keys.length).toBeLessThanOrEqual(keysAheadMax);
  expect(readMemory(JSON.parse(JSON.stringify(step.memory)))).toEqual(step.memory);
}

test('a caller who never does anything is out of every flow after a while', () => {
  for (const flow of config.flows.values()) {
    let step = begin(flow, config, call, at0);
    let now = at0;
    for (let turns = 0; !step.exit; turns++) {
      expect(turns).toBeLessThan(60);
      now = step.live.play === null ? (step.live.deadline ?? now) : now + 3_000;
      step = react(flow, config, step, step.live.play === null ? { type: 'deadline', at: now } : { type: 'play-ended', at: now, play: step.live.play });
    }
    expect(now - at0).toBeLessThan(5 * 60_000);
  }
});
