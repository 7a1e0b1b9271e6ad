/** Nobody is cut off: a talk that nobody was asked to end is as long as the agent's phone makes it. */
import { at, type History, type Violation } from './history.ts';
import { duringFault } from './outside-faults.ts';

/** The clock of the journal and that of the phone meet within a beat of the phone's. */
const spareMs = 500;

export function talksAreWhole({ events, asked, faults, talkMs }: History): Violation[] {
  const hungUp = Map.groupBy(asked.filter(({ wish, answer }) => wish === 'hang-up' && answer !== 'unsent'), ({ agent }) => agent);
  return events.filter(({ type, body }) => type === 'contact-ended' && body['during'] === 'talk' && body['reason'] === 'agent-hung-up').flatMap((event): Violation[] => {
    const lastedMs = Number(event.body['talkMs']);
    const [agent, contact] = [event.agent ?? '', event.contact ?? ''];
    const [from, to] = [at(event) - lastedMs, at(event)];
    if (lastedMs >= talkMs - spareMs || duringFault(faults, from, to) || hungUp.get(agent)?.some((one) => one.from <= to + spareMs && one.to >= from)) return [];
    return [{ rule: 'cut off', at: to, contacts: [contact], agents: [agent], what: `${contact} talked with ${agent} for ${lastedMs} ms of ${talkMs}` }];
  });
}
