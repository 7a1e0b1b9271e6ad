/**
 * Addresses that ask the switch for what they have no right to: unknown users, wrong passwords. One line of the log for
 * an address that does it often, so that a scan of thousands is a line with the address and no more; docs/fail2ban.md
 * says what reads it.
 */
import type { Logger } from 'pino';
import type { Clock } from '../base/clock.ts';
import type { AmiEvent } from './ami.ts';

interface Failures {
  count: number;
  readonly since: number;
}

/** So often within the time; a person mistypes a password less often. */
const oftenTimes = 10;
const withinMs = 60_000;
/** Of addresses that are counted. The one that began first is forgotten. */
const addressesMax = 10_000;

const refusals: ReadonlySet<string> = new Set(['FailedACL', 'InvalidAccountID', 'InvalidPassword', 'ChallengeResponseFailed', 'UnexpectedAddress', 'RequestNotAllowed']);

export class Intruders {
  readonly #byAddress = new Map<string, Failures>();
  readonly #clock: Clock;
  readonly #log: Pick<Logger, 'warn'>;

  constructor({ clock, log }: { readonly clock: Clock; readonly log: Pick<Logger, 'warn'> }) {
    this.#clock = clock;
    this.#log = log;
  }

  take(event: AmiEvent): void {
    if (!refusals.has(event['event'] ?? '')) return;
    // IPV4/UDP/192.0.2.66/5060
    const address = event['remoteaddress']?.split('/')[2] ?? '';
    if (!/^[0-9A-Fa-f.:]{2,45}$/.test(address)) return;
    const failures = this.#failuresOf(address);
    failures.count += 1;
    if (failures.count === oftenTimes) this.#log.warn({ code: 'sip-scan', address, failures: failures.count }, 'an address is refused again and again');
  }

  #failuresOf(address: string): Failures {
    const now = this.#clock.now();
    const known = this.#byAddress.get(address);
    if (known !== undefined && now - known.since < withinMs) return known;
    this.#byAddress.delete(address);
    for (const [old, { since }] of this.#byAddress) {
      if (now - since < withinMs && this.#byAddress.size < addressesMax) break;
      this.#byAddress.delete(old);
    }
    const fresh = { count: 0, since: now };
    this.#byAddress.set(address, fresh);
    return fresh;
  }
}
