/** Why a contact was routed as it was, and why an agent did not get it: each decision with the line of the file that held. */
import { explainAgent } from '../acd/explain-agent.ts';
import type { Span } from '../acd/explain-agent.ts';
import { askedOf, explainContact } from '../acd/explain.ts';
import type { Asked, Considered, Decision } from '../acd/explain.ts';
import { comeTo } from '../acd/moment.ts';
import { inLine } from '../acd/ranking.ts';
import type { Rule } from '../acd/rules.ts';
import { agentId, contactId } from '../base/ids.ts';
import { readYaml } from '../config/yaml-file.ts';
import type { YamlFile } from '../config/yaml-file.ts';
import type { Past } from './past.ts';

/** `queues.yaml:12`, of what decided. */
type WithLine<Of> = Of & { readonly line?: string };

export interface ShownAsked extends Omit<Asked, 'candidates'> {
  readonly candidates: readonly WithLine<Considered>[];
}

export interface ContactWhy {
  readonly contact: string;
  readonly over: boolean;
  readonly decisions: readonly (WithLine<Omit<Decision, 'asked'>> & { readonly asked?: ShownAsked })[];
  /** Of one who waits: the answer of this moment, as far as Postgres knows. */
  readonly now?: ShownAsked;
}

export interface AgentWhy {
  readonly contact: string;
  readonly agent: string;
  readonly spans: readonly WithLine<Span>[];
}

/** Undefined for a contact that never was. */
export async function whyContact(past: Past, contact: string, at: number): Promise<ContactWhy | undefined> {
  const life = await past.lifeOf(contact);
  if (life === undefined) return undefined;
  const moment = await past.momentAt(life.before);
  const events = await past.between(life.before, life.over ? life.last : undefined);
  const where = linesIn(past);
  const shown = ({ candidates, ...asked }: Asked, version: string): ShownAsked => ({ ...asked, candidates: candidates.map((one) => lined(one, version, where)) });
  const decisions = explainContact(moment, events, contactId(contact)).map(({ asked, ...decision }) => ({ ...lined(decision, decision.version, where), ...(asked && { asked: shown(asked, decision.version) }) }));
  comeTo(moment, at);
  const waiting = inLine(moment.centre.contacts.get(contactId(contact)));
  return { contact, over: life.over, decisions, ...(waiting && { now: shown(askedOf(moment.centre, waiting), moment.version) }) };
}

export async function whyAgent(past: Past, contact: string, agent: string): Promise<AgentWhy | undefined> {
  const life = await past.lifeOf(contact);
  if (life === undefined) return undefined;
  const moment = await past.momentAt(life.before);
  const events = await past.between(life.before, life.over ? life.last : undefined);
  const where = linesIn(past);
  return { contact, agent, spans: explainAgent(moment, events, contactId(contact), agentId(agent)).map((span) => lined(span, span.version, where)) };
}

type Where = (version: string, rule: Rule) => string;

const lined = <Of extends { readonly rule?: Rule }>(one: Of, version: string, where: Where): WithLine<Of> => (one.rule === undefined ? one : { ...one, line: where(version, one.rule) });

/** File and line of a rule; of one that is not written, of what it would stand in. */
function linesIn(past: Past): Where {
  const read = new Map<string, YamlFile>();
  return (version, { file, path }) => {
    const { files } = past.configOf(version) ?? past.config;
    const key = `${version}/${file}`;
    const yaml = read.get(key) ?? readYaml(file, files.get(file) ?? '');
    read.set(key, yaml);
    return `${file}:${yaml.place({ path, code: '', text: { zh: '', en: '' } }).line}`;
  };
}
