/** A contact's ticket as the variable on its channel. */
import { z } from 'zod';
import { agentId, bridgeId, contactId, legId, recordingId } from '../base/ids.ts';
import type { Ticket } from './port.ts';
import { UnsafeValue } from './values.ts';

export const ticketVariable = 'REXIAN_TICKET';

// What stands on a channel may be another program's: an id that could be in no order would leave its caller with none.
const id = (begins = '[A-Za-z0-9]') => z.string().regex(new RegExp(`^${begins}[A-Za-z0-9_-]{0,119}$`));
const time = z.number().int().nonnegative();

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
  talk: z.object({
    agent: z.string().regex(/^\d{3,6}$/).transform(agentId).exactOptional(),
    leg: id('rx-[at]-').transform(legId),
    bridge: id('rx-b-').transform(bridgeId),
    connectedAt: time,
    recording: z.object({ id: id('rx-r-').transform(recordingId), paused: z.boolean() }).exactOptional(),
  }).exactOptional(),
});

/** Throws UnsafeValue at a ticket that could not be read back. */
export function writeTicket(ticket: Ticket): string {
  if (!shape.safeParse(ticket).success) throw new UnsafeValue('ticket', ticket.contact);
  return JSON.stringify(ticket);
}

/** Undefined where nothing readable stands; another program may have written there. */
export function readTicket(text: string): Ticket | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  const ticket = shape.safeParse(json);
  return ticket.success ? ticket.data : undefined;
}
