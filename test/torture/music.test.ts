import { describe, expect, test } from 'vitest';
import type { Packet } from '../../stage/pcap.ts';
import { lessStandstills, startIdleClock } from '../../torture/idle-clock.ts';
import { silences } from '../../torture/music.ts';

const end = { host: '127.0.0.1', port: 4_000 };
const packet = (atMs: number): Packet => ({ atUs: atMs * 1_000, from: end, to: end, payload: Buffer.alloc(12) }) as unknown as Packet;
const music = (from: number, to: number): Packet[] => Array.from({ length: (to - from) / 20 }, (_, n) => packet(from + n * 20));

describe('silence', () => {
  const interrupted = [...music(0, 1_000), ...music(1_600, 3_000)];

  test('is the longest time between two packets of one stream', () => {
    expect(silences(interrupted, [])).toEqual({ streams: 1, longestSilenceMs: 620 });
  });

  test('is the machine’s where its idle clocks stood still as well', () => {
    expect(silences(interrupted, [{ fromUs: 1_100_000, toUs: 1_500_000 }])).toEqual({ streams: 1, longestSilenceMs: 220 });
  });
});

test('what two clocks missed together counts once', () => {
  expect(lessStandstills(0, 1_000, [{ fromUs: 500, toUs: 700 }, { fromUs: 100, toUs: 300 }, { fromUs: 200, toUs: 400 }, { fromUs: 250, toUs: 260 }, { fromUs: 900, toUs: 5_000 }])).toBe(400);
});

test('clocks on a machine that works miss less than all of the time', async () => {
  const [clock, from] = [startIdleClock(), Date.now() * 1_000];
  await new Promise((resolve) => setTimeout(resolve, 300));
  const standstills = await clock.stop();
  expect(lessStandstills(from, Date.now() * 1_000, standstills)).toBeGreaterThan(0);
});
