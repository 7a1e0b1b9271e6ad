/**
 * Which calls are let in. Three meters: one for each caller's number, one for all calls, and one for each trunk, which
 * holds it to an even share while little is left for all; so a trunk that floods takes nothing from the others, what
 * they leave is still its own, and one that is alone has everything.
 */
import type { EventOf } from './messages.ts';
import { fits, oneMore, roomIn } from './meter.ts';
import type { Rate } from './meter.ts';
import type { AlarmSource, Centre, TurnedAway } from './model.ts';

export interface Knock {
  readonly at: number;
  readonly ani: string;
  readonly trunk?: string | undefined;
}

/** Undefined: the call is let in. */
export function turnAway({ routing, doors, contacts }: Centre, { at, ani, trunk = '' }: Knock): TurnedAway | undefined {
  const { perCaller } = routing.centre.admission;
  if (contacts.size >= contactsMax) return 'overload';
  if (isNumber(ani) && !perCaller.except.includes(ani) && !fits(doors.callers.get(ani), at, callerRate(perCaller))) return 'caller-limit';
  const rate = wholeRate(routing.centre.admission, doors.pace);
  const withinShare = fits(doors.trunks.get(trunk), at, share(rate, doors.trunks, trunk));
  if (fits(doors.all, at, rate) && (withinShare || roomIn(doors.all, at, rate) > rate.burst * kept)) return undefined;
  return withinShare || inUse(doors.trunks, trunk) < 2 ? 'overload' : 'trunk-limit';
}

/** Whom an alarm names. */
export function sourceOf(why: TurnedAway, { ani, trunk = '' }: Pick<Knock, 'ani' | 'trunk'>): AlarmSource {
  if (why === 'overload') return {};
  return why === 'caller-limit' ? { ani } : { trunk };
}

/** Writes down that a call was let in. Part of `apply`. */
export function countIn({ routing, doors }: Centre, { at, ani, trunk = '' }: EventOf<'contact-arrived'>): void {
  const { admission } = routing.centre;
  const rate = wholeRate(admission, doors.pace);
  doors.all = oneMore(doors.all, at, rate);
  count(doors.trunks, trunk, at, share(rate, doors.trunks, trunk), trunkKeptMs);
  if (isNumber(ani)) count(doors.callers, ani, at, callerRate(admission.perCaller), 0);
}

/** Past this many contacts at once nobody is let in; far above what one switch can carry. */
const contactsMax = 150_000;
/** Of each kind of source. The one that has not called for longest is forgotten, which lets it in. */
const sourcesMax = 50_000;
/** Less than this part of a second's calls is little. */
const kept = 0.2;
/** A trunk counts as in use for so long after a call. */
const trunkKeptMs = 60_000;

type Settings = Centre['routing']['centre']['admission'];

function wholeRate({ callsPerSecond }: Settings, pace: number): Rate {
  const perSecond = callsPerSecond * pace;
  return { everyMs: 1_000 / perSecond, burst: Math.max(1, perSecond) };
}

/** Even between the trunks in use. */
function share({ everyMs, burst }: Rate, trunks: ReadonlyMap<string, number>, trunk: string): Rate {
  const among = inUse(trunks, trunk);
  return { everyMs: everyMs * among, burst: Math.max(1, burst / among) };
}

/** With the one that calls now. */
const inUse = (trunks: ReadonlyMap<string, number>, trunk: string): number => trunks.size + (trunks.has(trunk) ? 0 : 1);
const callerRate = ({ calls, withinMs }: Settings['perCaller']): Rate => ({ everyMs: withinMs / calls, burst: calls });

/** A withheld number, or a name, is many callers. */
const isNumber = (ani: string): boolean => /^\+?\d{5,}$/.test(ani);

/** Sources stand in the order of their last call, so that those in front are the ones to forget. */
function count(meters: Map<string, number>, source: string, at: number, rate: Rate, keepMs: number): void {
  const usedUntil = oneMore(meters.get(source), at, rate);
  meters.delete(source);
  meters.set(source, usedUntil);
  // Two go for one that comes, so that what is over does not stay.
  let looked = 0;
  for (const [old, until] of meters) {
    if (looked === 2) return;
    looked += 1;
    if (old !== source && (until + keepMs <= at || meters.size > sourcesMax)) meters.delete(old);
  }
}
