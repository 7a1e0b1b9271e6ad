/**
 * The global variable by which the dialplan knows that somebody takes its calls: Asterisk's own time, asked for and
 * written back, so that no two clocks are compared. Older than 10 s means nobody. The answers tell us, in turn, that
 * orders get through: an Asterisk that is stopped, or a wire that is cut without a word, is noticed here long before
 * the connection is given up.
 */
import { z } from 'zod';
import type { Clock } from '../base/clock.ts';
import { standstillMs } from '../base/patience.ts';
import type { AriConnection } from './ari/connection.ts';
import { asteriskTime } from './asterisk-time.ts';
import type { SwitchClock } from './switch-clock.ts';

export interface Heartbeat {
  begin(): void;
  end(): void;
  /** The dialplan keeps new callers to itself from now on. */
  closeDoor(): void;
  /**
   * With a last word to the dialplan where it can still be said, which also means that all before it was heard. New
   * callers wait for a `successor` who is there, and hear the apology where there is none.
   */
  stop(successor: boolean): Promise<void>;
}

/** Told between `begin` and `end`, in turn. */
export interface Pulse {
  /** No answer for three seconds. What was ordered is on its way, and so may be what happened. */
  stalled(): void;
  /** Answers are quick again, and what had been held up has come. */
  resumed(): void;
}

const everyMs = 1_000;
const stalledMs = 3_000;
const quickMs = 1_000;
/** After the first quick answer: what Asterisk's phones had said meanwhile is still being worked off. */
const settleMs = 250;
const lastWordMs = 500;

const pingShape = z.object({ timestamp: asteriskTime });

export function keepAlive(ari: Pick<AriConnection, 'request' | 'connected'>, clock: Clock, theirs: Pick<SwitchClock, 'told'>, pulse: Pulse): Heartbeat {
  let beat: NodeJS.Timeout | undefined;
  let settling: NodeJS.Timeout | undefined;
  /** When the beats that nobody has answered were sent; they are answered in their order. */
  let unanswered: number[] = [];
  let stalled = false;
  let lookedAt = 0;
  let open = true;

  const say = (seconds: number) => ari.request({ method: 'POST', path: ['asterisk', 'variable'], query: { variable: 'REXIAN_ALIVE', value: String(seconds) } });

  async function sayAlive(): Promise<void> {
    const sent = performance.now();
    const askedAt = clock.now();
    const mine = unanswered;
    mine.push(sent);
    const answer = await ari.request({ method: 'GET', path: ['asterisk', 'ping'] });
    // A connection that went is told of by the connection itself.
    if (!answer.answered || mine !== unanswered) return;
    mine.splice(mine.indexOf(sent), 1);
    if (stalled && performance.now() - sent < quickMs) settling ??= setTimeout(resume, settleMs);
    const time = pingShape.safeParse(answer.body);
    if (!time.success) return;
    theirs.told(time.data.timestamp, askedAt, clock.now());
    // The door may have been closed while Asterisk answered.
    if (open) await say(Math.floor(time.data.timestamp / 1_000));
  }

  function resume(): void {
    settling = undefined;
    stalled = false;
    pulse.resumed();
  }

  function look(): void {
    const now = performance.now();
    // We stood still ourselves: the answers lie in the socket, unread.
    const ourselves = now - lookedAt > everyMs + standstillMs;
    lookedAt = now;
    const [oldest = now] = unanswered;
    if (!ourselves && !stalled && now - oldest > stalledMs) {
      stalled = true;
      pulse.stalled();
    }
    void sayAlive();
  }

  function end(): void {
    clearInterval(beat);
    clearTimeout(settling);
    settling = undefined;
    unanswered = [];
    stalled = false;
  }

  return {
    begin: () => {
      end();
      lookedAt = performance.now();
      void sayAlive();
      if (!open) void say(0);
      beat = setInterval(look, everyMs);
      beat.unref();
    },
    end,
    closeDoor: () => {
      open = false;
      void say(0);
    },
    stop: async (successor) => {
      open &&= successor;
      end();
      if (!ari.connected()) return;
      await Promise.race([open ? sayAlive() : say(0), new Promise((resolve) => setTimeout(resolve, lastWordMs).unref())]);
    },
  };
}
