/** Nothing happens before its cause: a contact's events, an agent's moves and their times follow from each other. */
import type { CallEventRow } from '../../src/store/tables.ts';
import { skewMs, statusIn } from './answers-kept.ts';
import { at, type History, type Violation } from './history.ts';

interface Story {
  where: 'flow' | 'waiting' | 'offered' | 'accepted' | 'connected' | 'transferring' | 'transferred' | 'callback' | 'dialling' | 'ended' | 'closed';
  /** The phones that ring: with ring-all there may be several, of which one answers. */
  readonly offers: Map<string, string>;
  /** Has left the phone, and is to be called back. */
  left: boolean;
  readonly recordings: Set<string>;
  last: CallEventRow;
}

/** What must have been, for an event to come; and where it leads. Others may come anywhere before the end. */
const moves: Readonly<Record<string, readonly [from: readonly Story['where'][], to?: Story['where']]>> = {
  'flow-moved': [['flow']],
  'contact-queued': [['flow'], 'waiting'],
  'contact-turned-away': [['flow', 'waiting'], 'flow'],
  'contact-told': [['waiting']],
  'contact-left-queue': [['waiting'], 'flow'],
  'contact-overflowed': [['waiting', 'callback']],
  'callback-asked': [['flow']],
  'callback-waiting': [['flow'], 'callback'],
  'callback-attempted': [['callback', 'accepted'], 'dialling'],
  'callback-answered': [['dialling']],
  'callback-missed': [['dialling'], 'callback'],
  'callback-due': [['callback']],
  'callback-connected': [['dialling'], 'waiting'],
  'offer-made': [['waiting', 'offered', 'callback'], 'offered'],
  'offer-rang': [['offered']],
  'answer-asked': [['offered']],
  'offer-answered': [['offered']],
  'offer-ended': [['offered'], 'waiting'],
  'contact-connected': [['accepted', 'dialling'], 'connected'],
  'contact-requeued': [['connected'], 'waiting'],
  'contact-escalated': [['connected'], 'waiting'],
  'recording-started': [['connected']],
  'transfer-started': [['flow'], 'transferring'],
  'transfer-connected': [['transferring'], 'transferred'],
  'transfer-failed': [['transferring'], 'flow'],
  'contact-ended': [['flow', 'waiting', 'callback', 'dialling', 'connected', 'transferring', 'transferred'], 'ended'],
  'contact-closed': [['ended'], 'closed'],
};

export function causesComeFirst({ events }: History): Violation[] {
  const stories = new Map<string, Story>();
  const presences = new Map<string, string>();
  const found: Violation[] = [];
  const wrong = (event: CallEventRow, what: string): void => void found.push({ rule: 'out of order', at: at(event), contacts: event.contact === null ? [] : [event.contact], agents: event.agent === null ? [] : [event.agent], what });
  for (const event of events) {
    if (event.type === 'presence-changed') {
      const [agent, was, from] = [event.agent ?? '', presences.get(event.agent ?? ''), String(event.body['from'])];
      if (was !== undefined && was !== from) wrong(event, `${agent} was ${was} and left ${from}`);
      presences.set(agent, statusIn(event.body['presence']) ?? '');
    }
    if (event.contact === null) continue;
    for (const what of next(stories, event, event.contact)) wrong(event, what);
  }
  return found;
}

function next(stories: Map<string, Story>, event: CallEventRow, contact: string): string[] {
  const story = stories.get(contact);
  const { type, body } = event;
  if (type === 'contact-arrived') {
    stories.set(contact, { where: 'flow', left: false, offers: new Map(), recordings: new Set(), last: event });
    return story === undefined ? [] : [`${contact} arrived a second time`];
  }
  if (story === undefined) return [`${type} of ${contact}, who has not arrived`];
  const said: string[] = [];
  const before = at(story.last) - at(event);
  if (before > (story.last.epoch === event.epoch ? 0 : skewMs)) said.push(`${type} of ${contact} is ${before} ms older than ${story.last.type} before it`);
  story.last = event;
  const [from, to = story.where] = moves[type] ?? [];
  if (from !== undefined && !from.includes(story.where) && body['restored'] !== true) said.push(`${type} of ${contact}, who was ${story.where}`);
  const offer = String(body['offer'] ?? '');
  if (type.startsWith('offer-') && type !== 'offer-made' && !story.offers.has(offer)) said.push(`${type} of ${offer}, which ${contact} does not have`);
  if (type === 'offer-made') {
    if ([...story.offers.values()].includes(event.agent ?? '')) said.push(`${contact} is offered twice to ${event.agent}`);
    story.offers.set(offer, event.agent ?? '');
  }
  if (type === 'offer-ended') story.offers.delete(offer);
  const accepted = type === 'offer-ended' && body['outcome'] === 'accepted';
  if (accepted && story.offers.size > 0) said.push(`${contact} is answered while ${[...story.offers.values()].join(', ')} is offered it`);
  // Taken up from its ticket, wherever it was before: the ticket is newer than what was remembered.
  if (type === 'contact-restored') story.where = statusIn(body['state']) === 'connected' ? 'connected' : 'transferred';
  else story.where = accepted ? 'accepted' : type === 'offer-ended' && story.offers.size > 0 ? 'offered' : to;
  if (type === 'callback-waiting') story.left = true;
  else if (type === 'callback-connected' || type === 'contact-connected' || type === 'contact-restored' || type === 'contact-queued') story.left = false;
  if (story.left && story.where === 'waiting') story.where = 'callback';
  const recording = String(body['recording'] ?? '');
  if (type === 'recording-started') story.recordings.add(recording);
  else if (type.startsWith('recording-') && !story.recordings.has(recording)) said.push(`${type} of ${recording}, which was not started`);
  return said;
}
