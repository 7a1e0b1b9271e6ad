/** A contact's ticket as the variable on its channel. */
import { z } from 'zod';
import { contactId } from '../base/ids.ts';
import type { Ticket } from './port.ts';

export const ticketVariable = 'REXIAN_TICKET';

const shape = z.object({
  contact: z.string().min(1).max(128).transform(contactId),
  arrivedAt: z.number().int().nonnegative(),
  language: z.enum(['zh', 'en']),
  queue: z.string().min(1).max(128).optional(),
  queuedAt: z.number().int().nonnegative().optional(),
  priority: z.number().optional(),
});

export const writeTicket = (ticket: Ticket): string => JSON.stringify(ticket);

/** Undefined where nothing readable stands; another program may have written there. */
export function readTicket(text: string): Ticket | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  const ticket = shape.safeParse(json);
  if (!ticket.success) return undefined;
  const { queue, queuedAt, priority, ...rest } = ticket.data;
  return {
    ...rest,
    ...(queue === undefined ? {} : { queue }),
    ...(queuedAt === undefined ? {} : { queuedAt }),
    ...(priority === undefined ? {} : { priority }),
  };
}
