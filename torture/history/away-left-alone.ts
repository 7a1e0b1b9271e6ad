/** Who was told "paused" or "signed out" is offered nobody until they ask for work again. */
import { effectsOf, skewMs } from './answers-kept.ts';
import { at, type History, type Violation } from './history.ts';

export function awayAreLeftAlone(history: History): Violation[] {
  const { asked, events } = history;
  const effects = effectsOf(history);
  const offers = Map.groupBy([...events.entries()].filter(([, { type }]) => type === 'offer-made'), ([, { agent }]) => agent ?? '');
  const askedBy = Map.groupBy(asked, ({ agent }) => agent);
  return asked.flatMap((away) => {
    const since = effects.get(away);
    if (since === undefined || (away.wish !== 'pause' && away.wish !== 'sign-out')) return [];
    // One whose answer is not known may have been done.
    const back = askedBy.get(away.agent)?.find(({ wish, from, answer }) => from >= away.to && (wish === 'make-ready' || wish === 'sign-in') && (answer === 'done' || answer === 'unknown'));
    const until = (back?.from ?? Number.POSITIVE_INFINITY) - skewMs;
    const offered = offers.get(away.agent)?.find(([index, event]) => index > since && at(event) < until);
    if (offered === undefined) return [];
    const [, event] = offered;
    return [{
      rule: 'away and offered', at: at(event), contacts: [event.contact ?? ''], agents: [away.agent],
      what: `${away.agent} was told "${away.wish}" is done and was offered ${event.contact} ${at(event) - away.to} ms later`,
    }];
  });
}
