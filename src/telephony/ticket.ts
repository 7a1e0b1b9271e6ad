/** A contact's ticket as the variable on its channel. */
import { z } from 'zod';
import { agentId, bridgeId, contactId, legId, recordingId } from '../base/ids.ts';
import type { Widening } from '../config/centre-config.ts';
import { readNeeds } from '../config/needs.ts';
import type { Ticket } from './port.ts';
import { isExpression, lineBytesMax, UnsafeValue } from './values.ts';

export const ticketVariable = 'REXIAN_TICKET';

// What stands on a channel may be another program's: an id that could be in no order would leave its caller with none.
const id = (begins = '[A-Za-z0-9]') => z.string().regex(new RegExp(`^${begins}[A-Za-z0-9_-]{0,119}$`));
const time = z.number().int().nonnegative();

const asksMax = 20;
const asksLettersMax = 500;

const shape = z.object({
  contact: id().transform(contactId),
  arrivedAt: time,
  language: z.enum(['zh', 'en']),
  n: z.number().int().positive().exactOptional(),
  queue: id().exactOptional(),
  queuedAt: time.exactOptional(),
  enteredAt: time.exactOptional(),
  priority: z.number().exactOptional(),
  tier: z.literal('vip').exactOptional(),
  // As [after so long, needs]. What cannot be read is left out: the place in line is worth more.
  asks: z.array(z.tuple([time, z.string().max(asksLettersMax)])).min(1).max(asksMax).optional().catch(undefined),
  seat: z.object({ like: z.object({ id: id().transform(contactId), queuedAt: time, priority: z.number(), tier: z.literal('vip').exactOptional() }), at: z.number() }).optional().catch(undefined),
  ani: z.string().regex(/^\+?\d{1,24}$/).exactOptional(),
  dnis: z.string().regex(/^\+?\d{1,24}$/).exactOptional(),
  reachedAt: time.exactOptional(),
  talk: z.object({
    agent: z.string().regex(/^\d{3,6}$/).transform(agentId).exactOptional(),
    leg: id('rx-[at]-').transform(legId),
    bridge: id('rx-b-').transform(bridgeId),
    connectedAt: time,
    recording: z.object({ id: id('rx-r-').transform(recordingId), paused: z.boolean() }).exactOptional(),
  }).exactOptional(),
});

/** Throws UnsafeValue at a ticket that could not be read back. Needs that are too long for the line are left out. */
export function writeTicket({ asks, ...ticket }: Ticket): string {
  if (!shape.safeParse(ticket).success) throw new UnsafeValue('ticket', ticket.contact);
  const whole = asks === undefined ? undefined : JSON.stringify({ ...ticket, asks: asks.map(({ afterMs, needs }) => [afterMs, needs.text]) });
  return whole !== undefined && Buffer.byteLength(whole) <= lineBytesMax && !isExpression(whole) ? whole : JSON.stringify(ticket);
}

/** Undefined where nothing readable stands; another program may have written there. */
export function readTicket(text: string): Ticket | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  const read = shape.safeParse(json);
  if (!read.success) return undefined;
  const { asks: written, seat, ...ticket } = read.data;
  const asks = written && asksIn(written);
  return { ...ticket, ...(asks && { asks }), ...(seat && { seat }) };
}

function asksIn(written: readonly (readonly [number, string])[]): readonly Widening[] | undefined {
  const steps = written.flatMap(([afterMs, text]) => {
    // Every skill that it names, whether an agent has it or not: the configuration may be another by now.
    const { rule } = readNeeds(text, new Set(text.match(/[a-z_]\w*/gi)), []);
    return rule === undefined ? [] : [{ afterMs, needs: rule }];
  });
  return steps.length === written.length ? steps : undefined;
}
