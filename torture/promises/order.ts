/**
 * 5: whoever is offered to an agent is the first of those who wait and whom the agent may have, by the rule of
 * docs/routing.md (order-rule.ts), and asks for no more than the agent has.
 */
import type { Tier, Widening } from '../../src/config/centre-config.ts';
import type { CallEventRow } from '../../src/store/tables.ts';
import { effective, goesBefore, missing, tooEarly } from './order-rule.ts';
import type { OrderRules, Place } from './order-rule.ts';

/** Without rules: strict priority, everyone asks the same, and agents serve one queue. */
export function orderIsKept(events: readonly CallEventRow[], rules?: OrderRules): string[] {
  const line = new Map<string, Place>();
  const data = new Map<string, Place['data']>();
  const found: string[] = [];
  /** Agent → queues signed out of. */
  const outOf = new Map<string, Set<string>>();
  let known = true;
  for (const event of events) {
    const contact = event.contact ?? '';
    const place = line.get(contact);
    const put = (change: Partial<Place>): void => void (place && line.set(contact, { ...place, ...change }));
    switch (event.type) {
      case 'flow-moved':
        data.set(contact, { ...data.get(contact), ...field<Place['data']>(event, 'data') });
        break;
      case 'contact-queued': {
        const queued = queuedBy(event, data.get(contact) ?? {});
        line.set(contact, queued);
        if (known) found.push(...overtaken(queued, line.values(), rules));
        break;
      }
      case 'callback-asked':
        // He gave up his place on the phone for one without it.
        line.set(contact, { ...placeIn(contact, field<Fields>(event, 'place') ?? {}, data.get(contact) ?? {}), absent: true });
        break;
      case 'callback-waiting':
      case 'callback-missed':
        put({ absent: true, offers: none });
        break;
      case 'callback-connected':
        put({ absent: false });
        break;
      case 'contact-escalated':
      case 'contact-overflowed':
        put({ queue: event.queue ?? '', priority: numberIn(event, 'priority'), enteredAt: timeOf(event), seat: undefined, hold: undefined, widened: { ...start, own: place?.widened.own ?? 0 }, ...(event.type === 'contact-escalated' && { offers: none }) });
        break;
      case 'contact-re-prioritised':
        put({ priority: numberIn(event, 'priority'), seat: undefined });
        break;
      case 'caller-known':
        if (field<boolean>(event, 'vip') === true) put({ tier: 'vip', seat: undefined });
        break;
      case 'contact-held':
        put({ hold: field<Place['hold']>(event, 'hold') });
        break;
      case 'hold-ended':
        put({ hold: undefined });
        break;
      case 'contact-widened': {
        const widened = { needs: numberIn(event, 'needs'), own: numberIn(event, 'own'), level: numberIn(event, 'level') };
        const early = place && rules && known ? tooEarly(place, widened, timeOf(event), rules) : undefined;
        if (early !== undefined) found.push(`${contact} was widened to ${early}`);
        put({ widened });
        break;
      }
      case 'queue-left':
      case 'queue-joined':
        outOf.set(event.agent ?? '', changed(outOf.get(event.agent ?? ''), event.queue ?? '', event.type === 'queue-left'));
        break;
      case 'presence-changed':
        // A sign-in begins in all queues.
        outOf.set(event.agent ?? '', new Set(field<readonly string[]>(event, 'outOf') ?? (field<string>(event, 'from') === 'offline' ? [] : outOf.get(event.agent ?? '')) ?? []));
        break;
      case 'configured':
        // By rules that are not here nothing can be judged.
        known = rules === undefined || event.body['version'] === rules.version;
        break;
      case 'offer-made':
        if (!place) found.push(`${contact} was offered and is not in line`);
        else if (known) found.push(...wrongOffer(place, event.agent ?? '', [...line.values()], outOf, rules));
        put({ offers: changed(place?.offers, event.agent ?? '', true) });
        break;
      case 'offer-ended':
        // An accepted one is followed by contact-connected; the others give the place back.
        if (event.body['outcome'] !== 'accepted') put({ offers: changed(place?.offers, event.agent ?? '', false) });
        break;
      case 'contact-requeued':
        put({ offers: none });
        break;
      case 'contact-left-queue':
      case 'contact-ended':
        line.delete(contact);
        break;
      default:
        break;
    }
  }
  return found;
}

function wrongOffer(place: Place, agent: string, line: readonly Place[], outOf: ReadonlyMap<string, ReadonlySet<string>>, rules: OrderRules | undefined): string[] {
  const { contact, queue } = place;
  const lacks = rules && missing(place, agent, rules);
  if (lacks !== undefined && lacks !== 'unknown') return [`${contact} was offered to ${agent} and should not have been: ${lacks}`];
  const waiting = line.filter((other) => other.contact !== contact && other.offers.size === 0 && !other.absent && mayHave(other, queue, agent, outOf, rules));
  // Of another queue only the first comes into question.
  for (const others of Map.groupBy(waiting, (other) => other.queue).values()) {
    const first = others.reduce((best, other) => (goesBefore(other, best, rules) ? other : best));
    if (goesBefore(first, place, rules)) return [`${contact} was offered to ${agent} before ${first.contact}, who was ahead in ${first.queue}`];
  }
  return [];
}

function mayHave(other: Place, queue: string, agent: string, outOf: ReadonlyMap<string, ReadonlySet<string>>, rules: OrderRules | undefined): boolean {
  if (rules === undefined) return other.queue === queue;
  // A queue of which nothing can be recorded is left out as a whole, and which that was is not told here.
  if (other.queue !== queue && rules.centre.recording.onFailure === 'no-call') return false;
  return !outOf.get(agent)?.has(other.queue) && missing(other, agent, rules) === undefined;
}

/** A place by request overtakes nobody of a higher effective priority. */
function overtaken(place: Place, line: Iterable<Place>, rules: OrderRules | undefined): string[] {
  if (place.seat === undefined) return [];
  const higher = [...line].find((other) => other.queue === place.queue && effective(other, rules) > effective(place, rules) && goesBefore(place, other, rules));
  return higher === undefined ? [] : [`${place.contact} was seated in front of ${higher.contact}, who has more priority`];
}

type Fields = Readonly<Record<string, unknown>>;
const none: ReadonlySet<string> = new Set();
const start: Place['widened'] = { needs: 0, own: 0, level: 0 };

const queuedBy = (event: CallEventRow, data: Place['data']): Place => placeIn(event.contact ?? '', { enteredAt: timeOf(event), ...event.body, queue: event.queue }, data);

function placeIn(contact: string, fields: Fields, data: Place['data']): Place {
  // What the journal holds is what the decider wrote: the types are those of its event.
  const of = <Value>(name: string): Value | undefined => fields[name] as Value | undefined;
  const queuedAt = Number(of<number>('queuedAt'));
  return {
    contact, data, queuedAt,
    queue: of<string>('queue') ?? '', priority: Number(of<number>('priority')), enteredAt: Number(of<number>('enteredAt') ?? queuedAt),
    tier: of<Tier>('tier'), asks: of<readonly Widening[]>('asks'), seat: of<Place['seat']>('seat'), hold: of<Place['hold']>('hold'), widened: of<Place['widened']>('widened') ?? start, offers: none, absent: false,
  };
}

const changed = (set: ReadonlySet<string> | undefined, item: string, isIn: boolean): Set<string> => {
  const next = new Set(set);
  if (isIn) next.add(item);
  else next.delete(item);
  return next;
};

const field = <Value>({ body }: CallEventRow, name: string): Value | undefined => body[name] as Value | undefined;
const numberIn = ({ body }: CallEventRow, name: string): number => Number(body[name]);
const timeOf = (event: CallEventRow): number => Number(event.body['at'] ?? event.at);
