import { stderr, stdout } from 'node:process';
import { parseArgs } from 'node:util';
import { SetupError } from '../runtime/setup-error.ts';
import { cases } from '../torture/cases.ts';
import { held, Theatre, type Outcome } from '../torture/play.ts';
import type { Lang } from '../runtime/environment.ts';
import type { Command } from './main.ts';

const promises = {
  en: ['channels are contacts', 'no agent without a channel', 'every event, one end', 'recordings whole', 'order kept', 'one agent, one caller', 'health is true', 'nothing left over'],
  zh: ['通道与来电一致', '坐席状态与通道一致', '事件完整，结束一次', '录音完整', '顺序不乱', '一人一通', '健康状态属实', '资源归还'],
} as const;

/** Faults done to a centre of its own on this machine, and which promises held. Exit code 1 when one did not. */
export const run: Command = async ({ lang, args }) => {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { all: { type: 'boolean' }, list: { type: 'boolean' }, json: { type: 'boolean' }, seed: { type: 'string', default: '1' }, minutes: { type: 'string' } } });
  if (values.list) {
    for (const { name, says } of cases) stdout.write(`${name.padEnd(32)} ${says[lang]}\n`);
    return 0;
  }
  const chosen = positionals.length === 0 ? cases : cases.filter(({ name }) => positionals.some((wanted) => name === wanted || name.startsWith(`${wanted}-`)));
  if (chosen.length === 0) {
    throw new SetupError({ en: `There is no case "${positionals.join(' ')}". ./rexian torture --list names them all.`, zh: `没有名为“${positionals.join(' ')}”的用例。./rexian torture --list 列出全部用例。` });
  }
  const theatre = new Theatre();
  const outcomes: Outcome[] = [];
  try {
    for (const [index, one] of chosen.entries()) {
      stderr.write(`[${index + 1}/${chosen.length}] ${one.name}: ${one.says[lang]}\n`);
      const outcome = await theatre.play(one, { size: values.all ? 'long' : 'short', seed: Number(values.seed), ...(values.minutes === undefined ? {} : { minutes: Number(values.minutes) }), say: (text) => void stderr.write(`    ${text[lang]}\n`) });
      outcomes.push(outcome);
      if (!values.json) stdout.write(`${told(outcome, lang)}\n`);
    }
  } finally {
    await theatre.close();
  }
  if (values.json) stdout.write(`${JSON.stringify({ outcomes })}\n`);
  return outcomes.every(held) ? 0 : 1;
};

function told(outcome: Outcome, lang: Lang): string {
  const { name, skipped, failed, verdicts, figures, ms } = outcome;
  if (skipped) return `– ${name}: ${skipped[lang]}`;
  const broken = verdicts.filter((verdict) => !verdict.held).map(({ promise, found }) => `    ✗ ${promise} ${promises[lang][promise - 1]}: ${found}`);
  const measured = Object.entries(figures).map(([figure, value]) => `${figure} ${Math.round(value * 10) / 10}`).join(', ');
  return [
    `${held(outcome) ? '✓' : '✗'} ${name}  ${(ms / 1000).toFixed(1)} s  ${verdicts.filter((verdict) => verdict.held).length}/${verdicts.length}${measured ? `  ${measured}` : ''}`,
    ...(failed ? [`    ✗ ${failed}`] : []), ...broken,
  ].join('\n');
}
