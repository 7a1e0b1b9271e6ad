import { describe, expect, test } from 'vitest';
import { switchClock } from '../../src/telephony/switch-clock.ts';

const hour = 3_600_000;

describe('Asterisk’s clock against ours', () => {
  test('one clock for both: its times are taken as they are', () => {
    const clock = switchClock();
    clock.told(1_000_003, 1_000_000, 1_000_010);
    expect([clock.ours(1_000_001), clock.ofEvent(1_000_002, 1_000_020)]).toEqual([1_000_001, 1_000_002]);
  });

  test('another machine’s clock, an hour off: its times are turned into ours', () => {
    const clock = switchClock();
    clock.told(1_000_000 + hour, 1_000_000, 1_000_004);
    expect(clock.ofEvent(1_000_500 + hour, 1_000_510)).toBe(1_000_502);
    expect(clock.ours(900_000 + hour)).toBe(900_002);
  });

  test('set back: an event after it counts as of now until Asterisk is asked, and then again as of its own time', () => {
    const clock = switchClock();
    clock.told(1_000_000, 1_000_000, 1_000_002);
    expect(clock.ofEvent(1_000_900, 1_000_905)).toBe(1_000_900);
    expect(clock.ofEvent(1_001_000 - hour, 1_001_005)).toBe(1_001_005);
    expect(clock.ofEvent(1_001_100 - hour, 1_001_105)).toBe(1_001_105);
    clock.told(1_002_000 - hour, 2_000_000 - 998_001, 1_002_001);
    expect(clock.ofEvent(1_002_500 - hour, 1_002_600)).toBe(1_002_500);
  });

  test('a few events in another order are no clock set back', () => {
    const clock = switchClock();
    clock.told(1_000_000, 1_000_000, 1_000_000);
    clock.ofEvent(1_000_900, 1_000_905);
    expect(clock.ofEvent(1_000_500, 1_000_910)).toBe(1_000_500);
  });

  test('what Asterisk kept while nobody was there is older than its answer, and no clock set back', () => {
    const clock = switchClock();
    clock.ofEvent(1_000_000, 1_000_000);
    clock.told(1_060_000, 1_060_000, 1_060_001);
    expect(clock.ofEvent(1_010_000, 1_060_002)).toBe(1_010_000);
  });

  test('an answer that was long on its way says nothing', () => {
    const clock = switchClock();
    clock.told(1_000_000, 1_000_000, 1_000_000);
    clock.told(1_000_000, 1_000_000, 1_020_000);
    expect(clock.ours(1_000_000)).toBe(1_000_000);
  });
});
