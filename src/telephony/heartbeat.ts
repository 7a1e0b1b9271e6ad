/** The global variable by which the dialplan knows that somebody takes its calls; older than 10 s means nobody. */
import type { Clock } from '../base/clock.ts';
import type { AriConnection } from './ari/connection.ts';

export interface Heartbeat {
  begin(): void;
  end(): void;
  /** The dialplan keeps new callers to itself from now on. */
  closeDoor(): void;
  /** With a last word to the dialplan where it can still be said. */
  stop(): Promise<void>;
}

const everyMs = 2_000;
const lastWordMs = 500;

export function keepAlive(ari: Pick<AriConnection, 'request' | 'connected'>, clock: Clock): Heartbeat {
  let beat: NodeJS.Timeout | undefined;
  let open = true;
  const say = (seconds: number): Promise<unknown> =>
    ari.request({ method: 'POST', path: ['asterisk', 'variable'], query: { variable: 'REXIAN_ALIVE', value: String(seconds) } });
  const sayAlive = (): void => void say(open ? Math.floor(clock.now() / 1000) : 0);
  return {
    begin: () => {
      sayAlive();
      clearInterval(beat);
      beat = setInterval(sayAlive, everyMs);
      beat.unref();
    },
    end: () => clearInterval(beat),
    closeDoor: () => {
      open = false;
      sayAlive();
    },
    stop: async () => {
      open = false;
      clearInterval(beat);
      if (!ari.connected()) return;
      await Promise.race([say(0), new Promise((resolve) => setTimeout(resolve, lastWordMs).unref())]);
    },
  };
}
