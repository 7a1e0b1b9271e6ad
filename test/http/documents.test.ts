import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { asyncApi } from '../../src/cti/asyncapi.ts';
import { clientMessages } from '../../src/cti/protocol.ts';
import { openHouse, type House } from '../cti/house.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.stop());

test('the AsyncAPI document is served, and every reference in it leads somewhere', async () => {
  const document = (await house.server.inject('/asyncapi.json')).json<object>();
  expect(document).toMatchObject({ asyncapi: '3.0.0', channels: { cti: { address: '/cti' } } });
  expect(dangling(document)).toEqual([]);
});

test('the OpenAPI document is served, with a body, an answer and a summary for every route', async () => {
  const document = (await house.server.inject('/openapi.json')).json<{ openapi: string; paths: Record<string, Record<string, { summary?: string; responses?: object }>> }>();
  expect(document.openapi).toMatch(/^3\.1/);
  expect(dangling(document)).toEqual([]);
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(methods)) expect(operation, `${method} ${path}`).toMatchObject({ summary: expect.any(String), responses: expect.any(Object) });
  }
});

test('what the document says of a message is what the server takes', () => {
  // The document was made by asyncApi, whose shape is asserted above.
  const { messages } = (asyncApi() as { components: { messages: Record<string, { payload: Parameters<typeof z.fromJSONSchema>[0] }> } }).components;
  const good: Record<keyof typeof clientMessages, object> = {
    'sign-in-here': { ticket: 'x'.repeat(32), resume: { stream: 's', seq: 0 } },
    ping: { id: '1' },
    'sign-in': { id: '1' },
    'sign-out': { id: '1' },
    'make-ready': { id: '1', agent: '1001' },
    pause: { id: '1', reason: 'lunch' },
    'finish-wrap-up': { id: '1' },
    'ask-wrap-up': { id: '1' },
    escalate: { id: '1' },
    'join-queue': { id: '1', queue: 'billing' },
    'leave-queue': { id: '1', queue: 'billing' },
    'grant-break': { id: '1', of: '1002' },
    'deny-break': { id: '1', of: '1002' },
    answer: { id: '1' },
    'hang-up': { id: '1' },
    dispose: { id: '1', contact: 'c-1', disposition: { code: 'solved', note: '' } },
    withdraw: { id: '1', contact: 'c-1', reason: 'called back' },
    'close-queue': { id: '1', queue: 'billing', reason: 'fire drill', waiting: 'leave' },
    'reopen-queue': { id: '1', queue: 'billing' },
    're-prioritise': { id: '1', contact: 'c-1', priority: 20 },
    'pause-recording': { id: '1' },
    'resume-recording': { id: '1' },
  };
  for (const [type, fields] of Object.entries(good)) {
    const documented = z.fromJSONSchema(messages[type]?.payload ?? expect.fail(type));
    expect(documented.safeParse({ type, ...fields }).success, type).toBe(true);
    expect(documented.safeParse({ type, ...fields, extra: 1 }).success, type).toBe(false);
  }
});

function dangling(document: object): string[] {
  const references: string[] = [];
  JSON.stringify(document, (key, value: unknown) => {
    if (key === '$ref' && typeof value === 'string') references.push(value);
    return value;
  });
  return references.filter((reference) => {
    let found: unknown = document;
    for (const part of reference.replace('#/', '').split('/')) found = (found as Record<string, unknown> | undefined)?.[part];
    return found === undefined;
  });
}
