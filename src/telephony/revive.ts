/**
 * `ari shutdown websocket sessions` ends Asterisk's own connection to us for good (22.10): it does not try again until
 * res_ari is loaded anew, and that can be asked for over AMI. Where the connection only takes its time, this does nothing.
 */
import type { Logger } from 'pino';
import type { Ami } from './ami.ts';
import { backOff } from './back-off.ts';

export interface Reviver {
  /** There is no connection from now on. */
  begin(): void;
  end(): void;
}

/** Asterisk tries every half second by itself. */
const firstMs = 2_000;
const limitMs = 30_000;

export function reviver(ami: Pick<Ami, 'action' | 'connected'>, log: Logger): Reviver {
  const pause = backOff({ firstMs, limitMs });
  let timer: NodeJS.Timeout | undefined;

  async function ask(): Promise<void> {
    timer = setTimeout(() => void ask(), pause.nextMs());
    if (!ami.connected()) return;
    log.warn({}, 'AMI is there and ARI is not: asking Asterisk to call us again');
    const answer = await ami.action({ Action: 'Reload', Module: 'res_ari.so' });
    if (answer.answered && !answer.ok) log.error({ detail: answer.message }, 'Asterisk may not be asked to call us again: say "module reload res_ari.so" to it, or give our AMI user write permission "system"');
  }

  function end(): void {
    clearTimeout(timer);
    timer = undefined;
    pause.reset();
  }

  return {
    begin: () => {
      end();
      timer = setTimeout(() => void ask(), pause.nextMs());
    },
    end,
  };
}
