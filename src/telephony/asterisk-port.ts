/** What the port on a real Asterisk is opened with, and what it can do besides. */
import type { Logger } from 'pino';
import type { Clock } from '../base/clock.ts';
import type { AgentId } from '../base/ids.ts';
import type { AmiOptions } from './ami.ts';
import type { InboundOptions } from './ari/inbound.ts';
import type { OutboundOptions } from './ari/outbound.ts';
import type { Media, Telephony } from './port.ts';

export interface AsteriskOptions {
  /** Who opens the ARI connection: Asterisk (`outbound`, the default), we, or we through ari-client for old servers. */
  readonly connection: 'outbound' | 'inbound' | 'ari-client';
  readonly listen?: OutboundOptions['listen'];
  readonly ari?: InboundOptions['ari'];
  /** Without it there are no device states, no recordings and no answering by the desktop. */
  readonly ami?: AmiOptions['ami'];
  readonly app: string;
  readonly agents: readonly AgentId[];
  /** Beginnings of the user agents of phones that answer when asked to; without it, none. */
  readonly remoteAnswer?: readonly string[];
  readonly recordingsDir: string;
  /** Sound names below `soundsDir`, without endings. */
  readonly resolve: (media: Media) => readonly string[];
  /** The sounds' folder as Asterisk sees it; without it, Asterisk's own. */
  readonly soundsDir?: string;
  readonly log: Logger;
  readonly clock: Clock;
  /** What becomes of an Asterisk with known holes: `refuse`, where nothing is said. */
  readonly insecure?: 'refuse' | 'warn';
  /** We still own the centre, by our own clock. Asked before each order; always, where nothing is said. */
  readonly owns?: () => boolean;
}

export interface AsteriskTelephony extends Telephony {
  /** Whose phones are told of from now on, and which of them answer when asked to. */
  setAgents(agents: readonly AgentId[], remoteAnswer: readonly string[]): void;
  /** New callers are left to the dialplan's apology; those who are here are served. */
  closeDoor(): void;
}
