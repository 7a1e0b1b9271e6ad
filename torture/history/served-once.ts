/** A caller is answered by one agent, once, and each call that was placed is one contact, which ends for its own reason. */
import { skewMs } from './answers-kept.ts';
import { at, type Dial, type FaultSpan, type History, type Violation } from './history.ts';
import { duringFault } from './outside-faults.ts';

export function servedOnce({ events }: History): Violation[] {
  const talking = new Set<string>();
  const served = new Set<string>();
  const found: Violation[] = [];
  for (const event of events) {
    const contact = event.contact ?? '';
    if (event.type === 'contact-connected') {
      if (served.has(contact)) found.push({ rule: 'served twice', at: at(event), contacts: [contact], agents: [event.agent ?? ''], what: `${contact} was connected a second time${talking.has(contact) ? ', in the middle of a talk' : ''}` });
      served.add(contact);
      talking.add(contact);
    }
    if (event.type === 'contact-requeued' || event.type === 'contact-escalated') {
      talking.delete(contact);
      served.delete(contact);
    }
    if (event.type === 'contact-ended') talking.delete(contact);
  }
  return found;
}

export function callsAreContacts({ events, dials, faults, numbers }: History): Violation[] {
  const contactsOf = Map.groupBy(events.filter(({ type }) => type === 'contact-arrived'), ({ contact }) => numbers.get(contact ?? '') ?? '');
  const dialsOf = Map.groupBy(dials.flatMap((dial) => dial.numbers.map((number) => ({ number, dial }))), ({ number }) => number);
  const found = [...contactsOf].filter(([number]) => !dialsOf.has(number)).flatMap(([, those]) => those).map((event): Violation => ({ rule: 'a call of nobody', at: at(event), contacts: [event.contact ?? ''], agents: [], what: `${event.contact} has a number that nobody called from` }));
  for (const [number, its] of dialsOf) {
    const contacts = contactsOf.get(number) ?? [];
    // Who left while nobody could know of them, or was cut off as they dialled, may be no contact.
    const least = its.filter(({ dial }) => !dial.cut && !mayBeUnknown(dial, faults)).length;
    if (contacts.length >= least && contacts.length <= its.length) continue;
    found.push({
      rule: contacts.length < least ? 'call lost' : 'served twice', at: its[0]?.dial.from ?? 0, contacts: contacts.map(({ contact }) => contact ?? ''), agents: [],
      what: `${its.length} calls from ${number} are ${contacts.length} contacts`,
    });
  }
  return found;
}

/** The apology is answered and is no contact; a caller who leaves in it was never in the centre. */
const mayBeUnknown = ({ leaveAfterMs, from, to }: Dial, faults: readonly FaultSpan[]): boolean => leaveAfterMs !== undefined && duringFault(faults, from, to);

/** What SIPp says, and what the journal says of the same caller. */
export function callersWereServed({ dials, events, faults, numbers }: History): Violation[] {
  const arrivals = new Map(events.filter(({ type }) => type === 'contact-arrived').map((event) => [event.contact ?? '', at(event)]));
  /** Who left and dialled again has one contact of each. */
  const dialOf = (contact: string): Dial | undefined => dials.filter((dial) => dial.numbers.includes(numbers.get(contact) ?? '') && dial.from <= (arrivals.get(contact) ?? 0) + skewMs).toSorted((a, b) => b.from - a.from)[0];
  const contactsOf = Map.groupBy([...numbers], ([, number]) => number);
  const unserved = dials.filter((dial) => !dial.cut && dial.successful !== dial.numbers.length).map((dial): Violation => ({
    rule: 'caller failed', at: dial.to, contacts: dial.numbers.flatMap((number) => contactsOf.get(number)?.map(([contact]) => contact) ?? []), agents: [],
    what: `of ${dial.numbers.length} callers from ${dial.numbers[0]} on, ${dial.successful} had a whole call: ${dial.errors.slice(0, 200)}`,
  }));
  const ends = events.filter(({ type }) => type === 'contact-ended').flatMap((event): Violation[] => {
    const contact = event.contact ?? '';
    const reason = String(event.body['reason']);
    const wrong = (what: string): Violation[] => [{ rule: 'ended wrongly', at: at(event), contacts: [contact], agents: event.agent === null ? [] : [event.agent], what }];
    const dial = reason === 'caller-hung-up' ? dialOf(contact) : undefined;
    if (dial !== undefined && dial.leaveAfterMs === undefined && !dial.cut) return wrong(`${contact} ended as if its caller had hung up, who had not`);
    if (reason === 'switch-restarted') return faults.some(({ fault, from, to }) => (fault === 'asterisk-killed' || fault === 'asterisk-died') && from <= at(event) && at(event) <= to) ? [] : wrong(`${contact} ended as if Asterisk had restarted, which it had not`);
    return expectedEnds.has(reason) ? [] : wrong(`${contact} ended as ${reason}`);
  });
  return [...unserved, ...ends];
}

const expectedEnds: ReadonlySet<string> = new Set(['caller-hung-up', 'agent-hung-up', 'other-hung-up']);
