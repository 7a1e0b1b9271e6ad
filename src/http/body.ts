/** The one kind of body we read: JSON in UTF-8. Anything else is refused before a schema sees it. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from './problem.ts';

export function readJsonOnly(server: FastifyInstance): void {
  // `__proto__`, and a `constructor` with a prototype in it, are refused wherever they stand.
  const parse = server.getDefaultJsonParser('error', 'error');
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    if (!isUtf8(request)) return done(new Problem('bad-type'));
    // Nothing at all is for the route's schema to judge: some take no body.
    if (body.length === 0) return done(null, undefined);
    let text: string;
    try {
      text = decoder.decode(body as Buffer); // parseAs says which of the two it is.
    } catch {
      return done(new Problem('bad-request'));
    }
    void parse(request, text, done);
  });
}

/** A broken sequence must not become a replacement character: two different texts would be one. */
const decoder = new TextDecoder('utf-8', { fatal: true });

function isUtf8({ headers }: FastifyRequest): boolean {
  const [, charset] = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(headers['content-type'] ?? '') ?? [];
  return charset === undefined || /^utf-?8$/i.test(charset);
}
