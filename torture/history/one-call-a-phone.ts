/** An agent is offered nobody while their phone is in a call: by the journal, and by what Asterisk was seen to hold. */
import { at, type History, type Violation } from './history.ts';

export function oneCallAPhone({ events, phoneCalls }: History): Violation[] {
  const callsOf = Map.groupBy(phoneCalls, ({ agent }) => agent);
  const talksWith = new Map<string, string>();
  const found: Violation[] = [];
  for (const event of events) {
    const [agent, contact] = [event.agent ?? '', event.contact ?? ''];
    if (event.type === 'contact-connected') talksWith.set(agent, contact);
    if (event.type === 'contact-ended' || event.type === 'contact-requeued' || event.type === 'contact-escalated') {
      for (const [who, other] of talksWith) if (other === contact) talksWith.delete(who);
    }
    if (event.type !== 'offer-made') continue;
    const violation = (what: string, contacts: string[]): Violation => ({ rule: 'phone in a call', at: at(event), contacts, agents: [agent], what });
    const other = talksWith.get(agent);
    if (other !== undefined) found.push(violation(`${contact} was offered to ${agent}, who talked with ${other}`, [contact, other]));
    const up = callsOf.get(agent)?.find(({ from, to, channel }) => from < at(event) && at(event) < to && channel !== event.body['leg']);
    if (up !== undefined) found.push(violation(`${contact} was offered to ${agent}, whose phone was in the call ${up.channel} for ${up.to - at(event)} ms more`, [contact]));
  }
  return found;
}
