/** Goes by the opening hours. */
import { strict } from '../../config/schema.ts';
import { z } from 'zod';
import { isOpen } from '../../config/calendar.ts';
import { target } from '../flow-reader.ts';
import type { ReadNode } from '../flow-reader.ts';
import { go } from '../visit.ts';
import type { Outcome, Visit } from '../visit.ts';

export interface WhenNode {
  readonly kind: 'when';
  readonly calendar: string;
  readonly open: string;
  readonly closed: string;
}

const schema = strict({ when: strict({ calendar: z.string(), open: target, closed: target }) });

export const readWhen: ReadNode<WhenNode> = (raw, place, reader) => {
  const read = reader.parse(schema, raw, place.path)?.when;
  if (!read) return undefined;
  reader.check('calendar', read.calendar, [...place.path, 'when', 'calendar']);
  return { kind: 'when', calendar: read.calendar, open: reader.target(read.open, place, 'when', 'open'), closed: reader.target(read.closed, place, 'when', 'closed') };
};

export function enterWhen(node: WhenNode, { at, setting }: Visit): Outcome {
  const calendar = setting.calendars.get(node.calendar);
  return calendar && isOpen(calendar, setting.centre.timeZone, at) ? go(node.open, 'open') : go(node.closed, 'closed');
}
