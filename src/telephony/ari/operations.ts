/** ari-client knows requests by operation names from the server's Swagger; we know them by method and path. */
import type { Client, Reply } from 'ari-client';
import type { AriRequest } from './connection.ts';

export interface Operations {
  /** The request as a call of ari-client's own; undefined where the server has no such operation. */
  find(request: AriRequest): ((done: (reply: Reply) => void) => void) | undefined;
}

type Raw = (args: Readonly<Record<string, unknown>>, done: (reply: Reply) => void, failed: (reply: Reply) => void) => void;

export function operationsOf(client: Client): Operations {
  const known = new Map<string, { readonly segments: readonly string[]; readonly call: Raw }[]>();
  for (const api of Object.values(client._swagger.apis)) {
    for (const [name, operation] of Object.entries(api.operations)) {
      const call = api[name];
      if (typeof call !== 'function') continue;
      const segments = operation.path.replace(/^\//, '').split('/');
      const key = keyOf(operation.method, segments.length);
      // Each function of an api is the operation of the same name, called with (args, done, failed).
      known.set(key, [...(known.get(key) ?? []), { segments, call: call as Raw }]);
    }
  }
  return {
    find: ({ method, path, query, body }) => {
      const found = known.get(keyOf(method, path.length))?.find(({ segments }) => segments.every((part, n) => part.startsWith('{') || part === path[n]));
      if (found === undefined) return undefined;
      const inPath = Object.fromEntries(found.segments.flatMap((part, n) => (part.startsWith('{') ? [[part.slice(1, -1), path[n] ?? '']] : [])));
      const args = { ...query, ...inPath, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
      return (done) => found.call(args, done, done);
    },
  };
}

const keyOf = (method: string, length: number): string => `${method.toUpperCase()} ${length}`;
