// Why a contact was routed as it was, or why an agent did not get it.

import { stderr, stdout } from 'node:process';
import { parseArgs } from 'node:util';
import { DateTime } from 'luxon';
import { SetupError } from '../runtime/setup-error.ts';
import type { AgentVerdict } from '../src/acd/explain-agent.ts';
import { whyAgent, whyContact } from '../src/store/why.ts';
import type { AgentWhy, ContactWhy, ShownAsked } from '../src/store/why.ts';
import { openPast } from './past.ts';
import { decision } from './decision-words.ts';
import { reason } from './why-words.ts';
import type { Lang } from '../runtime/environment.ts';
import type { Command } from './main.ts';

export const run: Command = async ({ lang, args }) => {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { not: { type: 'string' }, state: { type: 'string', default: '.state' }, config: { type: 'string' }, json: { type: 'boolean' } } });
  const { contact, agent } = questionOf(positionals, values.not);
  const past = await openPast({ state: values.state, config: values.config });
  try {
    const clock = (ms: number): string => DateTime.fromMillis(ms, { zone: past.config.centre.timeZone }).toFormat('HH:mm:ss.SSS');
    const told = (verdict: AgentVerdict): string => reason(verdict, lang, clock);
    const why = agent === undefined ? await whyContact(past, contact, Date.now()) : await whyAgent(past, contact, agent);
    if (why === undefined) {
      stderr.write(lang === 'zh' ? `没有电话 ${contact} 的记录。\n` : `There is no record of a contact ${contact}.\n`);
      return 1;
    }
    stdout.write('spans' in why ? spansShown(why, told, clock, lang) : decisionsShown(why, told, clock, lang));
    if (values.json) stdout.write(`${JSON.stringify(why)}\n`);
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

type Clock = (ms: number) => string;
type Told = (verdict: AgentVerdict) => string;

function decisionsShown({ decisions, now }: ContactWhy, told: Told, clock: Clock, lang: Lang): string {
  const lines: string[] = [];
  let unknown: string | undefined;
  for (const { event, reason: code, asked, line, recomputed, version, otherRules } of decisions) {
    lines.push(`${clock(event.at)}  ${decision(event, lang)}${code === undefined ? '' : `  (${code})`}${at(line)}`);
    if (asked !== undefined) lines.push(...askedShown(asked, told, lang));
    if (otherRules && version !== unknown) lines.push(`      ${notKept(version, lang)}`);
    else if (recomputed === false) lines.push(lang === 'zh' ? '      注意：按记录重算得到的是另一名坐席。' : '      Note: worked out anew from the records, another agent comes out.');
    unknown = otherRules ? version : undefined;
  }
  if (now !== undefined) lines.push(lang === 'zh' ? '现在' : 'Now', ...askedShown(now, told, lang));
  return lines.map((line) => `${line}\n`).join('');
}

function spansShown({ spans }: AgentWhy, told: Told, clock: Clock, lang: Lang): string {
  const lines = spans.map(({ from, to, verdict, line }) => `${clock(from)} – ${to === undefined ? (lang === 'zh' ? '现在' : 'now') : clock(to)}  ${told(verdict)}${at(line)}`);
  const unknown = new Set(spans.flatMap(({ version, otherRules }) => (otherRules ? [version] : [])));
  return [...lines, ...[...unknown].map((version) => notKept(version, lang))].map((line) => `${line}\n`).join('');
}

const at = (line: string | undefined): string => (line === undefined ? '' : `  [${line}]`);

const notKept = (version: string, lang: Lang): string =>
  lang === 'zh' ? `当时的配置版本 ${version} 没有留存：以上理由按另一版本得出，未必是当时的理由。` : `The configuration of that time, ${version}, is not kept: these reasons are by another, and need not be those of that time.`;

function askedShown({ position, length, waitedMs, priority, needs, level, strategy, candidates, more }: ShownAsked, told: Told, lang: Lang): readonly string[] {
  const zh = lang === 'zh';
  const { own, tier, queue, effective } = priority;
  const sum = `${own} + ${tier} + ${queue} = ${effective}`;
  const head = zh
    ? `第 ${position}/${length} 位，已等 ${(waitedMs / 1000).toFixed(1)} 秒，有效优先级 ${sum}，要求 ${needs}${level === undefined ? '' : `，梯次 ≤ ${level}`}，策略 ${strategy}`
    : `number ${position} of ${length}, waited ${(waitedMs / 1000).toFixed(1)} s, effective priority ${sum}, needs ${needs}${level === undefined ? '' : `, level ≤ ${level}`}, strategy ${strategy}`;
  const others = Object.entries(more).map(([code, count]) => `${code} × ${count}`);
  return [head, ...candidates.map(({ agent, verdict, line }) => `${agent.padEnd(6)} ${told(verdict)}${at(line)}`), ...(others.length > 0 ? [`… ${others.join(', ')}`] : [])].map((line) => `      ${line}`);
}
