/** What a batch of events changed, as the journal writes it. */
import type { ContactId, QueueId } from '../base/ids.ts';
import type { Touched } from './touched.ts';
import type { Changes } from './journal-port.ts';
import type { Centre } from './model.ts';
import { inLine, lineScore, rankOf } from './ranking.ts';

/** In which queue each contact stands by the journal's own account: what a new place must replace. */
export type Placed = Map<ContactId, QueueId>;

export function placedIn(centre: Centre): Placed {
  const placed: Placed = new Map();
  for (const contact of centre.contacts.values()) {
    const place = inLine(contact);
    if (place !== undefined) placed.set(contact.id, place.state.queue);
  }
  return placed;
}

export function changesOf(centre: Centre, { contacts, agents, offers, closed, places, left }: Touched, placed: Placed): Changes {
  const lines = new Map<QueueId, Map<ContactId, number | null>>();
  const line = (queue: QueueId): Map<ContactId, number | null> => {
    const found = lines.get(queue) ?? new Map<ContactId, number | null>();
    lines.set(queue, found);
    return found;
  };
  for (const id of [...contacts, ...places]) {
    const was = placed.get(id);
    const place = inLine(centre.contacts.get(id));
    if (was !== undefined && was !== place?.state.queue) line(was).set(id, null);
    if (place === undefined) placed.delete(id);
    else {
      line(place.state.queue).set(id, lineScore(rankOf(centre.routing, place)));
      placed.set(id, place.state.queue);
    }
  }
  return {
    contacts: new Map([...contacts].map((id) => [id, centre.contacts.get(id) ?? null])),
    agents: new Map([...agents].flatMap((id) => centre.agents.get(id) ?? []).map((agent) => [agent.id, agent])),
    offers: new Map([...offers].map((id) => [id, centre.offers.get(id) ?? null])),
    closed: new Map([...closed].map((id) => [id, centre.closed.get(id) ?? null])),
    left,
    lines,
  };
}

/** The whole state, for a store that holds nothing (any more): every line is named, the empty ones too. */
export function everything(centre: Centre, placed: Placed): Changes {
  placed.clear();
  const all = changesOf(centre, { contacts: new Set(centre.contacts.keys()), agents: new Set(centre.agents.keys()), offers: new Set(centre.offers.keys()), closed: new Set(centre.closed.keys()), places: new Set(), left: new Map([...centre.hungUp.values()].map((place) => [place.id, place])) }, placed);
  return { ...all, lines: new Map([...centre.lines.keys()].map((queue) => [queue, all.lines.get(queue) ?? new Map<ContactId, number | null>()])) };
}
