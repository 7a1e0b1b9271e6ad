/**
 * An Asterisk with known holes is not served. One that comes back older while we run is only complained of, loudly:
 * people are talking on it.
 */
import type { Logger } from 'pino';
import type { AriConnection } from './ari/connection.ts';
import { AsteriskError } from './asterisk-error.ts';
import { judge, versionOf, versionText } from './asterisk-version.ts';

export interface SafeSwitchOptions {
  readonly ari: Pick<AriConnection, 'request'>;
  /** Of REXIAN_INSECURE. */
  readonly insecure: 'refuse' | 'warn';
  readonly log: Logger;
}

/** Asks after each connect; answers why the switch is not to be served, or nothing. */
export function safeSwitch({ ari, insecure, log }: SafeSwitchOptions): () => Promise<AsteriskError | undefined> {
  let served = false;
  return async () => {
    const version = await versionOf(ari);
    // Gone while it was asked: the next connection is asked again.
    if (version === undefined) return undefined;
    const verdict = judge(version);
    if (verdict !== 'safe') {
      const { zh, en } = versionText(version, verdict);
      log.error({ code: 'insecure', version }, `${zh}\n${en}`);
      if (insecure === 'refuse' && !served) return new AsteriskError('asterisk-version', `${zh}\n${en}\nREXIAN_INSECURE=warn`);
    }
    served = true;
    return undefined;
  };
}
