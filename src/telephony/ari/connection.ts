/**
 * What the rest of telephony needs of ARI, whichever way the bytes go. Three implementations, one conformance
 * suite: Asterisk calls us (outbound.ts), we call Asterisk (inbound.ts), and ari-client for servers without REST
 * over the websocket (legacy.ts).
 */
export interface AriConnection {
  /**
   * Begins, and keeps connecting for ever. Rejects only where trying again cannot help: a port in use, a refused
   * password.
   */
  start(listener: AriListener): Promise<void>;
  /** Never rejects. Requests of one leg are executed in the order in which they were given. */
  request(request: AriRequest): Promise<AriAnswer>;
  connected(): boolean;
  stop(): Promise<void>;
}

export interface AriListener {
  /**
   * Requests reach Asterisk from now on, and events come. Again after each reconnect. `missed` are the events that
   * Asterisk kept for us while there was no connection, oldest first.
   */
  up(missed: readonly unknown[]): void;
  event(event: unknown): void;
  /** All requests that were pending have answered `disconnected` before this is called. */
  down(): void;
}

export interface AriRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below /ari/, not yet encoded: ['channels', id, 'answer']. */
  readonly path: readonly string[];
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** The legs it is about; where requests travel on sockets of their own, these keep their order. */
  readonly legs?: readonly string[];
}

export type AriAnswer =
  | { readonly answered: true; readonly status: number; readonly body: unknown }
  | { readonly answered: false; readonly why: 'disconnected' | 'timed-out' };

export const disconnected: AriAnswer = { answered: false, why: 'disconnected' };

/**
 * An Asterisk that answers nothing for so long is stuck. One that works off what was asked before is only late, and a
 * request waits for its turn.
 */
export const answerWithinMs = 10_000;

export function addressOf({ path, query }: Pick<AriRequest, 'path' | 'query'>): string {
  const where = path.map(encodeURIComponent).join('/');
  const what = new URLSearchParams(query).toString();
  return what === '' ? where : `${where}?${what}`;
}
