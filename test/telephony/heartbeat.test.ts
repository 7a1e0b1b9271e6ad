import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { AriAnswer, AriRequest } from '../../src/telephony/ari/connection.ts';
import { keepAlive, type Heartbeat } from '../../src/telephony/heartbeat.ts';
import { switchClock } from '../../src/telephony/switch-clock.ts';

const hour = 3_600_000;
let heartbeat: Heartbeat;
let theirs: number;
let said: AriRequest[];
let pulse: string[];
let answers: (request: AriRequest) => AriAnswer;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_700_000_000_000 });
  theirs = 0;
  said = [];
  pulse = [];
  // As Asterisk 22.10 answers, in its own time.
  answers = ({ method }) => (method === 'GET' ? { answered: true, status: 200, body: { ping: 'pong', timestamp: new Date(Date.now() + theirs).toISOString().replace('Z', '+0000') } } : { answered: true, status: 204, body: undefined });
  const request = async (one: AriRequest): Promise<AriAnswer> => {
    said.push(one);
    return answers(one);
  };
  heartbeat = keepAlive({ request, connected: () => true }, { now: () => Date.now() }, switchClock(), { stalled: () => pulse.push('stalled'), resumed: () => pulse.push('resumed') });
});

afterEach(() => {
  heartbeat.end();
  vi.useRealTimers();
});

const written = (): (string | undefined)[] => said.filter(({ method }) => method === 'POST').map(({ query }) => query?.['value']);

describe('the heartbeat', () => {
  test('is Asterisk’s own time, at once and every second', async () => {
    theirs = hour;
    heartbeat.begin();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(written()).toEqual(['1700003600', '1700003601', '1700003602']);
  });

  test('follows a clock that is set back', async () => {
    heartbeat.begin();
    await vi.advanceTimersByTimeAsync(500);
    theirs = -hour;
    await vi.advanceTimersByTimeAsync(500);
    expect(written()).toEqual(['1700000000', '1699996401']);
  });

  test('a door that was closed while Asterisk answered stays closed', async () => {
    let closing = false;
    const whole = answers;
    answers = (request) => {
      if (request.method === 'GET' && !closing) {
        closing = true;
        heartbeat.closeDoor();
      }
      return whole(request);
    };
    heartbeat.begin();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(new Set(written())).toEqual(new Set(['0']));
  });

  test('nothing is written where Asterisk does not say its time', async () => {
    answers = () => ({ answered: false, why: 'timed-out' });
    heartbeat.begin();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(written()).toEqual([]);
  });
});

describe('an Asterisk that does not answer', () => {
  let wire: { waiting: (() => void)[]; open: boolean };

  beforeEach(() => {
    const whole = answers;
    wire = { waiting: [], open: false };
    const request = async (one: AriRequest): Promise<AriAnswer> => {
      if (!wire.open) await new Promise<void>((resolve) => wire.waiting.push(resolve));
      return whole(one);
    };
    heartbeat = keepAlive({ request, connected: () => true }, { now: () => Date.now() }, switchClock(), { stalled: () => pulse.push('stalled'), resumed: () => pulse.push('resumed') });
  });

  function answersAgain(): void {
    wire.open = true;
    for (const go of wire.waiting.splice(0)) go();
  }

  test('is stalled after three seconds, and there again when its answers are quick and what it held up had time to come', async () => {
    heartbeat.begin();
    await vi.advanceTimersByTimeAsync(3_000);
    expect(pulse).toEqual([]);
    await vi.advanceTimersByTimeAsync(1_500);
    expect(pulse).toEqual(['stalled']);
    answersAgain();
    await vi.advanceTimersByTimeAsync(200);
    expect(pulse).toEqual(['stalled']);
    await vi.advanceTimersByTimeAsync(100);
    expect(pulse).toEqual(['stalled', 'resumed']);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(pulse).toEqual(['stalled', 'resumed']);
  });

  test('is told of no more when the connection ends: the next comparison tells', async () => {
    heartbeat.begin();
    await vi.advanceTimersByTimeAsync(4_000);
    heartbeat.end();
    answersAgain();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(pulse).toEqual(['stalled']);
  });

  test('is not what a process sees that stood still itself', async () => {
    heartbeat.begin();
    await vi.advanceTimersByTimeAsync(500);
    const then = performance.now() + 30_000;
    // No timer ran and no socket was read for half a minute.
    const still = vi.spyOn(performance, 'now').mockReturnValue(then);
    await vi.advanceTimersByTimeAsync(600);
    still.mockRestore();
    answersAgain();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(pulse).toEqual([]);
  });
});
