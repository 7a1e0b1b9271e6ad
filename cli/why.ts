// Why a contact was routed as it was, or why an agent did not get it.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stderr, stdout } from 'node:process';
import { parseArgs } from 'node:util';
import { DateTime } from 'luxon';
import { SetupError } from '../runtime/setup-error.ts';
import { explainAgent } from '../src/acd/explain-agent.ts';
import type { AgentVerdict } from '../src/acd/explain-agent.ts';
import { askedOf, explainContact } from '../src/acd/explain.ts';
import type { Asked } from '../src/acd/explain.ts';
import { comeTo } from '../src/acd/moment.ts';
import { inLine } from '../src/acd/ranking.ts';
import type { Rule } from '../src/acd/rules.ts';
import { agentId, contactId } from '../src/base/ids.ts';
import { readYaml } from '../src/config/yaml-file.ts';
import type { YamlFile } from '../src/config/yaml-file.ts';
import { openPast } from './past.ts';
import { sentence } from './story.ts';
import { reason } from './why-words.ts';
import type { Lang } from '../runtime/environment.ts';
import type { Command } from './main.ts';

export const run: Command = async ({ lang, args }) => {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { not: { type: 'string' }, state: { type: 'string', default: '.state' }, config: { type: 'string' }, json: { type: 'boolean' } } });
  const { contact, agent } = questionOf(positionals, values.not);
  const past = await openPast({ state: values.state, config: values.config });
  try {
    const life = await past.lifeOf(contact);
    if (life === undefined) {
      stderr.write(lang === 'zh' ? `没有电话 ${contact} 的记录。\n` : `There is no record of a contact ${contact}.\n`);
      return 1;
    }
    const moment = await past.momentAt(life.before);
    const events = await past.between(life.before, life.over ? life.last : undefined);
    const where = lines(past.configDir);
    const clock = (ms: number): string => DateTime.fromMillis(ms, { zone: past.config.centre.timeZone }).toFormat('HH:mm:ss.SSS');
    const told = (verdict: AgentVerdict): string => reason(verdict, lang, clock);
    if (agent !== undefined) {
      const spans = explainAgent(moment, events, contactId(contact), agentId(agent)).map((span) => ({ ...span, ...(span.rule && { line: where(span.rule) }) }));
      for (const { from, to, verdict, line } of spans) stdout.write(`${clock(from)} – ${to === undefined ? (lang === 'zh' ? '现在' : 'now') : clock(to)}  ${told(verdict)}${line ? `  [${line}]` : ''}\n`);
      if (moment.routings(moment.version) === undefined) stdout.write(`${otherRules(moment.version, lang)}\n`);
      if (values.json) stdout.write(`${JSON.stringify({ contact, agent, version: moment.version, otherRules: moment.routings(moment.version) === undefined, spans })}\n`);
      return 0;
    }
    const decisions = explainContact(moment, events, contactId(contact)).map((decision) => ({ ...decision, ...(decision.rule && { line: where(decision.rule) }) }));
    for (const { event, asked, line, recomputed, otherRules: version } of decisions) {
      const what = sentence(event, lang) ?? event.type;
      stdout.write(`${clock(event.at)}  ${what}${line ? `  [${line}]` : ''}\n`);
      if (asked !== undefined) stdout.write(`${shownAsked(asked, told, where, lang)}\n`);
      if (version !== undefined) stdout.write(`      ${otherRules(version, lang)}\n`);
      else if (recomputed === false) stdout.write(lang === 'zh' ? '      注意：按记录重算得到的是另一名坐席。\n' : '      Note: worked out anew from the records, another agent comes out.\n');
    }
    comeTo(moment, Date.now());
    const waiting = inLine(moment.centre.contacts.get(contactId(contact)));
    const now = waiting && askedOf(moment.centre, waiting);
    if (now !== undefined) stdout.write(`${lang === 'zh' ? '现在' : 'Now'}\n${shownAsked(now, told, where, lang)}\n`);
    if (values.json) stdout.write(`${JSON.stringify({ contact, over: life.over, decisions, ...(now && { now }) })}\n`);
    return 0;
  } finally {
    await past.close();
  }
};

function questionOf([what, id, ...rest]: readonly string[], not: string | undefined): { contact: string; agent?: string } {
  if (what === 'contact' && id !== undefined && rest.length === 0) return { contact: id };
  // `--not contact ID` takes the word, and the id stands alone.
  const contact = not === 'contact' ? rest[0] : undefined;
  if (what === 'agent' && id !== undefined && contact !== undefined) return { contact, agent: id };
  throw new SetupError({ en: 'Ask ./rexian why contact ID, or ./rexian why agent ID --not contact ID.', zh: '用法：./rexian why contact 编号，或 ./rexian why agent 工号 --not contact 编号。' });
}

const otherRules = (version: string, lang: Lang): string =>
  lang === 'zh' ? `当时的配置版本为 ${version}，现已不同：以上理由按现在的配置得出，未必是当时的理由。` : `The configuration then was ${version} and is another now: these reasons are by the present one, and need not be those of that time.`;

function shownAsked({ position, length, waitedMs, priority, needs, level, strategy, candidates, more }: Asked, told: (verdict: AgentVerdict) => string, where: (rule: Rule) => string, lang: Lang): string {
  const zh = lang === 'zh';
  const { own, tier, queue, effective } = priority;
  const sum = `${own} + ${tier} + ${queue} = ${effective}`;
  const head = zh
    ? `第 ${position}/${length} 位，已等 ${(waitedMs / 1000).toFixed(1)} 秒，有效优先级 ${sum}，要求 ${needs}${level === undefined ? '' : `，梯次 ≤ ${level}`}，策略 ${strategy}`
    : `number ${position} of ${length}, waited ${(waitedMs / 1000).toFixed(1)} s, effective priority ${sum}, needs ${needs}${level === undefined ? '' : `, level ≤ ${level}`}, strategy ${strategy}`;
  const others = Object.entries(more).map(([code, count]) => `${code} × ${count}`);
  return [head, ...candidates.map(({ agent, verdict, rule }) => `${agent.padEnd(6)} ${told(verdict)}${rule ? `  [${where(rule)}]` : ''}`), ...(others.length > 0 ? [`… ${others.join(', ')}`] : [])].map((line) => `      ${line}`).join('\n');
}

/** File and line of a rule; of one that is not written, of what it would stand in. */
function lines(dir: string): (rule: Rule) => string {
  const files = new Map<string, YamlFile>();
  return ({ file, path }) => {
    const yaml = files.get(file) ?? readYaml(file, readFileSync(join(dir, file), 'utf8'));
    files.set(file, yaml);
    return `${file}:${yaml.place({ path, code: '', text: { zh: '', en: '' } }).line}`;
  };
}
