/** A new configuration, put in the place of the one before. Part of `apply`. */
import { newAgent } from './centre.ts';
import { noteShut } from './callback-rule.ts';
import { indexAgent, indexContact } from './indexes.ts';
import { newFloor } from './floor.ts';
import { indexHours } from './next-hours.ts';
import { lineOf } from './lines.ts';
import { lineScore } from './ranking.ts';
import type { Centre, Routing } from './model.ts';
import type { Touched } from './touched.ts';

/** The new configuration comes beside its event: it is too large for the journal, which holds its version. */
export function applyRouting(centre: Centre, routing: Routing, touched: Touched): void {
  // The journal's only word on the order; of 100,000 who wait most reloads change none.
  const scores = new Map([...centre.standings].map(([id, { rank }]) => [id, lineScore(rank)]));
  centre.routing = routing;
  centre.staffed.clear();
  centre.floor = newFloor(routing);
  for (const queue of routing.queues.keys()) lineOf(centre, queue);
  for (const queue of new Set([...centre.shut, ...routing.queues.keys()])) noteShut(centre, queue);
  for (const id of routing.agents.keys()) {
    if (!centre.agents.has(id)) {
      centre.agents.set(id, newAgent(id, centre.at));
      touched.agents.add(id);
    }
  }
  for (const agent of centre.agents.values()) indexAgent(centre, undefined, agent);
  // What is due for those who wait, and in which order, may be another now; what no longer holds is passed over.
  for (const contact of centre.contacts.values()) indexContact(centre, contact, undefined);
  for (const contact of centre.contacts.values()) indexContact(centre, undefined, contact);
  for (const [id, { rank }] of centre.standings) if (scores.get(id) !== lineScore(rank)) touched.places.add(id);
  indexHours(centre);
}
