/** Single-use tickets that carry a session from HTTP to the websocket, so that no password or token is in a URL. */
import { randomBytes } from 'node:crypto';
import type { Clock } from '../base/clock.ts';
import type { AgentId } from '../base/ids.ts';

export interface Ticketed {
  readonly agent: AgentId;
  /** The session that it was got with. */
  readonly session: string;
  /** Its end, epoch milliseconds. */
  readonly sessionUntil: number;
}

export const ticketMs = 30_000;
const ticketsMax = 10_000;

export class Tickets {
  readonly #clock: Clock;
  /** All live equally long, so insertion order is the order of expiry. */
  readonly #issued = new Map<string, Ticketed & { readonly until: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Null when too many are outstanding. */
  issue(ticketed: Ticketed): string | null {
    const now = this.#clock.now();
    for (const [ticket, { until }] of this.#issued) {
      if (until > now) break;
      this.#issued.delete(ticket);
    }
    if (this.#issued.size >= ticketsMax) return null;
    const ticket = randomBytes(24).toString('base64url');
    this.#issued.set(ticket, { ...ticketed, until: now + ticketMs });
    return ticket;
  }

  redeem(ticket: string): Ticketed | null {
    const found = this.#issued.get(ticket);
    this.#issued.delete(ticket);
    return found && found.until > this.#clock.now() ? found : null;
  }
}
