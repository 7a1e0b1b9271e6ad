/** What `./rexian why` tells of a contact that waits, as the HTTP interface gives it. */
import { z } from 'zod';
import { agentNumber, name } from './shapes.ts';

export const rule = z.object({ file: z.string(), path: z.array(z.union([z.string(), z.number()])).readonly() }).describe('The part of the configuration that decided.');

/** Where a contact stands, and what each agent is for it. */
export const asked = z.object({
  queue: name, waitedMs: z.number(),
  position: z.int().describe('1 for who is next.'), length: z.int(),
  priority: z.object({ own: z.number(), tier: z.number(), queue: z.number(), effective: z.number() }),
  needs: z.string(), level: z.number().optional().describe('Of a higher level nobody is rung yet.'), strategy: z.string(),
  candidates: z.array(z.object({
    agent: agentNumber,
    verdict: z.looseObject({ code: z.string() }).readonly(),
    rule: rule.optional(), line: z.string().optional().describe('File and line of it.'),
  })).readonly().describe('Of the queue’s agents the first hundred.'),
  more: z.record(z.string(), z.int()).describe('How many more there are, by code.'),
});
