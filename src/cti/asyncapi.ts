/** The CTI protocol as an AsyncAPI 3 document, derived from the schemas that check the messages. */
import { z } from 'zod';
import { changes, clientMessages, limits, notices } from './protocol.ts';

type Shape = z.ZodType;

export function asyncApi(): Readonly<Record<string, unknown>> {
  const fromClient: Readonly<Record<string, Shape>> = clientMessages;
  const fromServer: Readonly<Record<string, Shape>> = { ...notices, ...numbered() };
  const names = (shapes: Readonly<Record<string, Shape>>) => Object.keys(shapes).map((name) => ({ $ref: `#/channels/cti/messages/${name}` }));
  const all = { ...fromClient, ...fromServer };
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Rexian 热线 CTI',
      version: '1',
      description: `JSON text frames of at most ${limits.frameBytes} bytes. The first message is sign-in-here with a ticket from POST /api/cti-ticket. docs/cti.md tells the rest.`,
      license: { name: 'Apache-2.0' },
    },
    channels: {
      cti: {
        address: '/cti',
        description: 'One desktop. Commands are answered by a reply with their id; changes are numbered by seq without gaps.',
        messages: Object.fromEntries(Object.keys(all).map((name) => [name, { $ref: `#/components/messages/${name}` }])),
      },
    },
    operations: {
      desktopSays: { action: 'receive', channel: { $ref: '#/channels/cti' }, messages: names(fromClient) },
      desktopIsTold: { action: 'send', channel: { $ref: '#/channels/cti' }, messages: names(fromServer) },
    },
    components: {
      messages: Object.fromEntries(Object.entries(all).map(([name, shape]) => [name, { name, contentType: 'application/json', payload: payloadOf(shape) }])),
    },
  };
}

const numbered = () => Object.fromEntries(Object.entries(changes).map(([name, shape]) => [name, shape.extend({ seq: z.int().min(0) })]));

/** AsyncAPI's own schema object is JSON Schema draft 7. */
function payloadOf(shape: Shape): unknown {
  const { $schema: _draft, ...schema } = z.toJSONSchema(shape, { target: 'draft-7' });
  return schema;
}
