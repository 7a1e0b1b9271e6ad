/** All rules, held against one history. Pure. */
import { orderIsKept } from '../promises/order.ts';
import { answersAreKept } from './answers-kept.ts';
import { awayAreLeftAlone } from './away-left-alone.ts';
import { causesComeFirst } from './causes-first.ts';
import { recordingsAreThere } from './excused-recordings.ts';
import type { History, Rule, Violation } from './history.ts';
import { nobodyIdles } from './nobody-idles.ts';
import { oneCallAPhone } from './one-call-a-phone.ts';
import { callersWereServed, callsAreContacts, servedOnce } from './served-once.ts';
import { talksAreWhole } from './talks-whole.ts';

/** As the fifth promise has it, told with whom it concerns. */
const firstComeFirst: Rule = ({ events, rules: by }) => orderIsKept(events, by).map((what) => {
  const [contact = '', , , , agent = ''] = what.split(' ');
  return { rule: 'order', what, at: 0, contacts: [contact, /before (\S+),/.exec(what)?.[1] ?? ''], agents: [agent] };
});

const rules: readonly Rule[] = [answersAreKept, awayAreLeftAlone, servedOnce, callsAreContacts, callersWereServed, oneCallAPhone, nobodyIdles, causesComeFirst, talksAreWhole, recordingsAreThere, firstComeFirst];

export const check = (history: History): readonly Violation[] => rules.flatMap((rule) => rule(history));
