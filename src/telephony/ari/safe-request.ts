/**
 * The last look at a request before it leaves. Orders have narrow shapes for each of their values (values.ts); this
 * holds for whatever else may ask: no step up in a path, no line break, and nothing that Asterisk would work out.
 */
import { isExpression } from '../values.ts';
import type { AriAnswer, AriConnection, AriRequest } from './connection.ts';

export function guarded(ari: AriConnection): AriConnection {
  return { ...ari, request: (request) => (isSafe(request) ? ari.request(request) : Promise.resolve(refused)) };
}

export function isSafe({ path, query = {} }: Pick<AriRequest, 'path' | 'query'>): boolean {
  return path.length > 0 && path.every((step) => stepShape.test(step)) && Object.values(query).every((value) => !unprintable.test(value) && !isExpression(value));
}

/** Also what Asterisk calls its channels; never `..`, a slash or a per cent sign, however it would be decoded. */
const stepShape = /^[A-Za-z0-9](?:[A-Za-z0-9_-]|\.(?!\.)){0,127}$/;
const unprintable = /[\x00-\x1f\x7f]/;

const refused: AriAnswer = { answered: true, status: 400, body: { message: 'not sent: a value is not acceptable' } };
