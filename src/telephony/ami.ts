/**
 * asterisk-manager, wrapped. What it does to its callers stays here: it connects in its constructor when given a
 * port (so it gets none), swallows errors, comes back without back-off (so each try is a new one of ours), answers
 * the first packet of a list (so lists are collected until they say Complete), repeats a key as an array.
 */
import makeManager from 'asterisk-manager';
import type { Manager } from 'asterisk-manager';
import type { Logger } from 'pino';
import { patience } from '../base/patience.ts';
import { AsteriskError } from './asterisk-error.ts';
import { backOff } from './back-off.ts';
import { tlsWay } from './tls-way.ts';
import type { TlsWay } from './tls-way.ts';
import { lineOf, UnsafeValue } from './values.ts';

export interface AmiOptions {
  readonly ami: { readonly host: string; readonly port: number; readonly tls?: boolean; readonly user: string; readonly password: string };
  readonly log: Logger;
}

export interface Ami {
  /** Resolves when first signed in, and keeps connecting. Rejects when the password is refused at the first try. */
  start(listener: AmiListener): Promise<void>;
  /** Never rejects and never throws: a value that is not acceptable is not sent, and answered as refused. */
  action(fields: Readonly<Record<string, string>>, withinMs?: number): Promise<AmiAnswer>;
  /** All items of an action that answers with a list; undefined when it failed or the connection went. */
  list(fields: Readonly<Record<string, string>>): Promise<readonly AmiEvent[] | undefined>;
  connected(): boolean;
  stop(): Promise<void>;
}

export interface AmiListener {
  up(): void;
  event(event: AmiEvent): void;
  down(): void;
}

/** Keys in lower case, one value each. */
export type AmiEvent = Readonly<Record<string, string>>;
export type AmiAnswer =
  | { readonly answered: true; readonly ok: boolean; readonly message: string }
  | { readonly answered: false; readonly why: 'disconnected' | 'timed-out' };

const answerWithinMs = 10_000;
const signInWithinMs = 5_000;
const listItemsMax = 100_000;
const pingEveryMs = 5_000;
const pingWithinMs = 5_000;
/** A connection that does not last so long was no success: the next waits longer. */
const heldMs = 5_000;

export function connectAmi({ ami, log }: AmiOptions): Ami {
  const pause = backOff();
  const waiting = new Set<() => void>();
  const lists = new Map<string, (event: AmiEvent) => void>();
  let manager: Manager | undefined;
  let up = false;
  let stopped = false;
  let again: NodeJS.Timeout | undefined;
  let ping: NodeJS.Timeout | undefined;
  let count = 0;
  let downed: () => void = () => undefined;
  let way: TlsWay | undefined;

  function open(listener: AmiListener, firstOutcome: (error?: AsteriskError) => void): void {
    const made = makeManager(null, ami.host, ami.user, ami.password, true);
    manager = made;
    let over = false;
    let signedInAt = Number.POSITIVE_INFINITY;
    const limit = patience(signInWithinMs, () => end('no answer to the sign-in'));
    const end = (why: string): void => {
      if (over) return;
      over = true;
      limit.end();
      if (performance.now() - signedInAt > heldMs) pause.reset();
      clearInterval(ping);
      made.removeAllListeners('managerevent');
      // It can only close what is open; while it still connects it would lose the socket and keep it.
      if (made.isConnected()) made.disconnect();
      else made.on('connect', () => made.disconnect());
      const was = up;
      up = false;
      for (const give of [...waiting]) give();
      if (was) listener.down();
      if (stopped) return;
      log.warn({ why }, 'AMI is away, trying again');
      again = setTimeout(() => open(listener, firstOutcome), pause.nextMs());
    };
    downed = () => end('stuck');
    made.on('close', () => end('closed'));
    made.on('error', (error) => end(error instanceof Error ? error.message : 'error'));
    made.on('managerevent', (raw) => {
      const event = plain(raw);
      const list = lists.get(event['actionid'] ?? '');
      if (list === undefined) listener.event(event);
      else list(event);
    });
    made.on('connect', () => {
      if (over) return;
      made.login((error) => {
        if (over) return;
        limit.end();
        if (error !== undefined && error !== null) {
          const refused = refusedPassword(ami);
          log.error({ setting: 'ASTERISK_AMI_URL' }, refused.message);
          firstOutcome(refused);
          return end('refused');
        }
        up = true;
        signedInAt = performance.now();
        // A switch that lost its power says nothing; this finds out.
        ping = setInterval(() => void act({ Action: 'Ping' }, pingWithinMs).then((answer) => !answer.answered && answer.why === 'timed-out' && end('no answer to a ping')), pingEveryMs);
        ping.unref();
        listener.up();
        firstOutcome();
      });
    });
    made.connect(way?.path ?? ami.port, ami.host);
  }

  function act(fields: Readonly<Record<string, string>>, withinMs = answerWithinMs, id = `rx-ami-${(count += 1)}`): Promise<AmiAnswer> {
    const safe = linesOf(fields);
    if (safe === undefined) return Promise.resolve({ answered: true, ok: false, message: 'not sent: a value is not acceptable' });
    const now = manager;
    if (!up || now === undefined || !now.isConnected()) return Promise.resolve({ answered: false, why: 'disconnected' });
    return new Promise((resolve) => {
      const settle = (answer: AmiAnswer): void => {
        limit.end();
        waiting.delete(give);
        resolve(answer);
      };
      const give = (): void => settle({ answered: false, why: 'disconnected' });
      const limit = patience(withinMs, () => settle({ answered: false, why: 'timed-out' }));
      waiting.add(give);
      now.action({ ...safe, actionid: id }, (error, answer) => settle({ answered: true, ok: error === undefined || error === null, message: plain(answer)['message'] ?? '' }));
    });
  }

  return {
    connected: () => up,
    action: (fields, withinMs) => act(fields, withinMs),
    list: (fields) => {
      const id = `rx-ami-${(count += 1)}`;
      const items: AmiEvent[] = [];
      return new Promise((resolve) => {
        const settle = (outcome: readonly AmiEvent[] | undefined): void => {
          limit.end();
          lists.delete(id);
          waiting.delete(give);
          resolve(outcome);
        };
        const give = (): void => settle(undefined);
        const limit = patience(answerWithinMs, () => settle(undefined));
        waiting.add(give);
        lists.set(id, (event) => {
          if (event['eventlist']?.toLowerCase() === 'complete') settle(items);
          else if (items.length < listItemsMax) items.push(event);
          else settle(undefined);
        });
        void act(fields, answerWithinMs, id).then((answer) => {
          if (!answer.answered || !answer.ok) settle(undefined);
        });
      });
    },
    start: async (listener) => {
      if (ami.tls === true) way = await tlsWay(ami, log);
      return new Promise((resolve, reject) => {
        let first = true;
        open(listener, (error) => {
          if (!first) return;
          first = false;
          if (error === undefined) return resolve();
          stopped = true;
          reject(error);
        });
      });
    },
    stop: async () => {
      stopped = true;
      clearTimeout(again);
      downed();
      await way?.close();
    },
  };
}

function linesOf(fields: Readonly<Record<string, string>>): Record<string, string> | undefined {
  try {
    return Object.fromEntries(Object.entries(fields).map(([name, value]) => [lineOf(name), lineOf(value)]));
  } catch (error) {
    if (error instanceof UnsafeValue) return undefined;
    throw error;
  }
}

function plain(raw: unknown): AmiEvent {
  if (typeof raw !== 'object' || raw === null) return {};
  const one = (value: unknown): string => (Array.isArray(value) ? one(value[0]) : typeof value === 'string' ? value : '');
  return Object.fromEntries(Object.entries(raw).map(([name, value]) => [name.toLowerCase(), one(value)]));
}

function refusedPassword({ host, port, user }: AmiOptions['ami']): AsteriskError {
  return new AsteriskError('ami-password', `Asterisk's manager at ${host}:${port} refused the password of user "${user}". Check the user and the password in ASTERISK_AMI_URL against manager.conf.`);
}
