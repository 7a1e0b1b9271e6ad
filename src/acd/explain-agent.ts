/** Why a contact did not go to this agent: what the agent was for it, from when to when, while it was in line. */
import type { AgentId, ContactId } from '../base/ids.ts';
import type { JournalEvent } from './messages.ts';
import type { Agent } from './agent.ts';
import type { Centre } from './model.ts';
import { follow } from './moment.ts';
import type { Moment } from './moment.ts';
import { offersOf } from './offers.ts';
import { effectivePriority, inLine } from './ranking.ts';
import type { InLine } from './ranking.ts';
import { ruleOfVerdict } from './rules.ts';
import type { Rule } from './rules.ts';
import { verdictOf } from './verdict.ts';
import type { Verdict } from './verdict.ts';

export type AgentVerdict =
  | Verdict
  /** The agent might have been rung, and the contact rang at another already. */
  | { readonly code: 'rings-elsewhere'; readonly agent: AgentId }
  /** At that moment the agent was rung for another contact, which came first. */
  | { readonly code: 'other-first'; readonly contact: ContactId; readonly own: Claim; readonly other: Claim };

/** What decides between two contacts; docs/routing.md has the rule. */
export interface Claim {
  readonly queuedAt: number;
  readonly effective: number;
}

export interface Span {
  readonly from: number;
  /** Absent where it is so still. */
  readonly to?: number;
  readonly verdict: AgentVerdict;
  readonly rule?: Rule;
  /** Of the configuration that held when it began. */
  readonly version: string;
  /** It is not known any more: what is told here is told by another. */
  readonly otherRules?: true;
}

/** From where the moment stands through the events. Empty where the contact was never in line. */
export function explainAgent(moment: Moment, events: readonly JournalEvent[], contact: ContactId, agent: AgentId): readonly Span[] {
  const { centre } = moment;
  const spans: Span[] = [];
  const say = (at: number, said: Said | undefined): void => {
    const last = spans.at(-1);
    if (last !== undefined && last.to === undefined && said !== undefined && isSame(last.verdict, said.verdict)) return;
    if (last !== undefined && last.to === undefined) spans[spans.length - 1] = { ...last, to: at };
    if (said !== undefined) spans.push({ from: at, ...said, version: moment.version, ...(moment.routings(moment.version) === undefined ? { otherRules: true } : {}) });
  };
  /** Once all that happened at a moment has happened. */
  let settled = 0;
  for (const journalled of events) {
    const { event } = journalled;
    if (event.at > centre.at) say(settled, standing(centre, contact, agent));
    if (event.type === 'offer-made' && event.agent === agent && event.contact !== contact) {
      const first = passedOver(centre, contact, event.contact, agent);
      if (first !== undefined) say(Math.max(event.at, centre.at), first);
    }
    if (event.type === 'offer-made' && event.contact === contact) {
      const [own, known] = [inLine(centre.contacts.get(contact)), centre.agents.get(agent)];
      if (own !== undefined && known !== undefined) say(Math.max(event.at, centre.at), told(own, agent, verdictOf(centre, own, known, event)));
    }
    follow(moment, journalled);
    settled = centre.at;
  }
  say(settled, standing(centre, contact, agent));
  return spans;
}

type Said = Pick<Span, 'verdict' | 'rule'>;

function standing(centre: Centre, id: ContactId, agent: AgentId): Said | undefined {
  const contact = inLine(centre.contacts.get(id));
  const known = centre.agents.get(agent);
  if (contact === undefined) return undefined;
  if (known === undefined) return { verdict: { code: 'not-signed-in' } };
  const said = told(contact, agent, verdictOf(centre, contact, known));
  if (contact.state.status !== 'offered' || said.verdict.code !== 'free') return ringsHere(centre, contact, known) ?? said;
  return { verdict: { code: 'rings-elsewhere', agent: offersOf(centre, contact)[0]?.agent ?? agent } };
}

/** Its own phone rings for this very contact. */
function ringsHere(centre: Centre, contact: InLine, { id }: Agent): Said | undefined {
  const offer = offersOf(centre, contact).find(({ agent }) => agent === id);
  return offer !== undefined ? { verdict: { code: 'ringing', contact: contact.id, since: offer.madeAt } } : undefined;
}

function passedOver(centre: Centre, id: ContactId, otherId: ContactId, agent: AgentId): Said | undefined {
  const [contact, other, known] = [inLine(centre.contacts.get(id)), inLine(centre.contacts.get(otherId)), centre.agents.get(agent)];
  if (contact?.state.status !== 'waiting' || other === undefined || known === undefined) return undefined;
  if (verdictOf(centre, contact, known).code !== 'free') return undefined;
  const claim = ({ state }: InLine): Claim => ({ queuedAt: state.queuedAt, effective: effectivePriority(centre.routing, state) });
  return { verdict: { code: 'other-first', contact: otherId, own: claim(contact), other: claim(other) }, rule: { file: 'centre.yaml', path: ['order'] } };
}

function told(contact: InLine, agent: AgentId, verdict: Verdict): Said {
  const rule = ruleOfVerdict(contact, agent, verdict);
  return { verdict, ...(rule && { rule }) };
}

/** Plain data in the order in which verdict.ts writes it. */
const isSame = (one: AgentVerdict, other: AgentVerdict): boolean => JSON.stringify(one) === JSON.stringify(other);
