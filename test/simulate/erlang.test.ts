import { expect, test } from 'vitest';
import { erlangA, erlangC, erlangs, erlangServiceLevel, erlangWaiting, erlangWaitSeconds } from '../../src/simulate/erlang.ts';

/** Two agents, one erlang: P(wait) = (1/2) · 2 / (1 + 1 + 1) = 1/3, by hand. */
const byHand = { agents: 2, callsPerSecond: 0.5, handleSeconds: 2 };

test('the formula agrees with what is worked out by hand', () => {
  expect(erlangs(byHand)).toBe(1);
  expect(erlangC(byHand)).toBeCloseTo(1 / 3, 12);
  expect(erlangWaitSeconds(byHand)).toBeCloseTo(2 / 3, 12);
  expect(erlangWaiting(byHand)).toBeCloseTo(1 / 3, 12);
});

test('one agent is the M/M/1 queue: everybody waits with the load’s own probability', () => {
  expect(erlangC({ agents: 1, callsPerSecond: 0.8, handleSeconds: 1 })).toBeCloseTo(0.8, 12);
  expect(erlangWaitSeconds({ agents: 1, callsPerSecond: 0.8, handleSeconds: 1 })).toBeCloseTo(4, 12);
});

/** 100 calls in half an hour of 3 minutes each: the textbook example of 10 erlangs. */
test('the textbook example: 10 erlangs need 14 agents for 80 % in 20 s', () => {
  const with_ = (agents: number) => ({ agents, callsPerSecond: 200 / 3_600, handleSeconds: 180 });
  expect(erlangServiceLevel(with_(13), 20)).toBeLessThan(0.8);
  expect(erlangServiceLevel(with_(14), 20)).toBeCloseTo(0.888, 3);
  expect(erlangC(with_(14))).toBeCloseTo(0.174, 3);
  expect(erlangWaitSeconds(with_(14))).toBeCloseTo(7.8, 1);
});

test('with more load than agents the line only grows', () => {
  const over = { agents: 20, callsPerSecond: 5, handleSeconds: 4 };
  expect(erlangC(over)).toBe(1);
  expect(erlangWaitSeconds(over)).toBe(Number.POSITIVE_INFINITY);
  expect(erlangServiceLevel(over, 15)).toBe(0);
});

test('hundreds of agents do not overflow', () => {
  expect(erlangC({ agents: 2_000, callsPerSecond: 19.5, handleSeconds: 100 })).toBeGreaterThan(0);
  expect(erlangC({ agents: 2_000, callsPerSecond: 19.5, handleSeconds: 100 })).toBeLessThan(0.3);
});

/** One agent, one erlang, callers as patient as a talk is long: states are Poisson with mean 1, so P(free) is 1/e. */
test('Erlang A agrees with what is worked out by hand', () => {
  const { delayed, abandoned, waitSeconds, serviceLevel } = erlangA({ agents: 1, callsPerSecond: 1 / 60, handleSeconds: 60, patienceSeconds: 60 });
  expect(delayed).toBeCloseTo(1 - 1 / Math.E, 12);
  // Served is what the agent does: busy for 1 − 1/e of the time.
  expect(abandoned).toBeCloseTo(1 / Math.E, 12);
  expect(waitSeconds).toBeCloseTo(60 / Math.E, 10);
  expect(serviceLevel(0)).toBeCloseTo(1 / Math.E, 12);
  expect(serviceLevel(1e6)).toBeCloseTo(1 - 1 / Math.E, 10);
});

/**
 * The chance of an answer in time, by another way: with one agent and everything of mean 1, a caller with k ahead waits
 * for the longest of k + 1 exponential times, and is answered if that is less than the time and the patience.
 */
test('Erlang A’s service level is the integral over what the caller meets', () => {
  const level = erlangA({ agents: 1, callsPerSecond: 1, handleSeconds: 1, patienceSeconds: 1 }).serviceLevel(0.5);
  let answered = 1 / Math.E;
  let likely = 1 / Math.E;
  for (let ahead = 0; ahead < 40; ahead += 1) {
    likely /= ahead + 1;
    const steps = 2_000;
    for (let step = 0; step < steps; step += 1) {
      const t = (0.5 * (step + 0.5)) / steps;
      const density = (ahead + 1) * Math.exp(-t) * (1 - Math.exp(-t)) ** ahead;
      answered += likely * density * Math.exp(-t) * (0.5 / steps);
    }
  }
  expect(level).toBeCloseTo(answered, 6);
});

test('callers without end of patience make Erlang A Erlang C', () => {
  const load = { agents: 14, callsPerSecond: 200 / 3_600, handleSeconds: 180 };
  const patient = erlangA({ ...load, patienceSeconds: 1e9 });
  expect(patient.delayed).toBeCloseTo(erlangC(load), 5);
  expect(patient.waitSeconds).toBeCloseTo(erlangWaitSeconds(load), 3);
  expect(patient.serviceLevel(20)).toBeCloseTo(erlangServiceLevel(load, 20), 5);
});

test('thousands of agents, more load than they can do, and nobody who waits for long', () => {
  const { abandoned, serviceLevel } = erlangA({ agents: 5_000, callsPerSecond: 30, handleSeconds: 200, patienceSeconds: 120 });
  expect(abandoned).toBeCloseTo(1 / 6, 3);
  expect(serviceLevel(600)).toBeCloseTo(5 / 6, 3);
  expect(serviceLevel(5)).toBeLessThan(0.01);
});
