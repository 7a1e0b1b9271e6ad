/** The CTI as app.ts holds it: made once, handed to the HTTP server, stopped after it. */
import type { LastTalk } from '../acd/contact.ts';
import type { Clock } from '../base/clock.ts';
import type { ContactId } from '../base/ids.ts';
import type { Text } from '../base/text.ts';
import { CallerRecords, lastTalkOf } from './caller-records.ts';
import type { Desk, Directory } from './desk.ts';
import { Desktops } from './desktops.ts';
import { SignOuts, type SignOutsOptions } from './sign-outs.ts';
import { Tickets } from './tickets.ts';

export interface Cti {
  readonly desk: Desk;
  readonly desktops: Desktops;
  readonly tickets: Tickets;
  readonly signOuts: SignOuts;
  readonly clock: Clock;
  /** Another process runs the centre: nobody is signed in here. */
  readonly standby: () => boolean;
  stop(): void;
}

export interface CtiParts {
  readonly desk: Desk;
  readonly directory: Directory;
  readonly clock: Clock;
  /** The centre's name as configured now. */
  readonly name: () => Text;
  readonly onDirectoryAway: (error: Error) => void;
  /** The records have said whom a live caller talked to last, and of which tier the customer is. */
  readonly onKnown?: (contact: ContactId, known: { readonly last: LastTalk | null; readonly tier: string | null }) => void;
  /** Keeps sign-outs for the next process; without it this one's memory does. */
  readonly keepSignOut?: SignOutsOptions['keep'];
  /** Never, where nothing is said. */
  readonly standby?: () => boolean;
}

export function openCti({ desk, directory, clock, name, onDirectoryAway, onKnown = () => undefined, keepSignOut = () => undefined, standby = () => false }: CtiParts): Cti {
  const records = new CallerRecords({ directory, onKnown: (contact) => {
      const record = records.recordOf(contact);
      if (record !== undefined) onKnown(contact, { last: lastTalkOf(record), tier: record.customer?.tier ?? null });
      desktops.recordKnown(contact);
    }, onAway: onDirectoryAway });
  const desktops = new Desktops({ desk, records, clock, name });
  return {
    desk,
    desktops,
    tickets: new Tickets(clock),
    signOuts: new SignOuts({ clock, keep: keepSignOut }),
    clock,
    standby,
    stop: () => {
      desktops.stop();
      records.stop();
    },
  };
}
