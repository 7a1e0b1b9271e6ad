/** Problems as a compiler prints them: file:line:column, the line itself, a mark below it, what to write instead. */
import type { Language } from '../base/text.ts';
import type { Problem } from './problem.ts';

export function formatProblems(problems: readonly Problem[], language: Language): string {
  return problems.map((problem) => formatProblem(problem, language)).join('\n\n');
}

export function formatProblem(problem: Problem, language: Language): string {
  const { file, line, column, severity, code, text, hint, source } = problem;
  const lines = [`${file}:${line}:${column}: ${severities[language][severity]}: ${text[language]} [${code}]`];
  if (source.trim() !== '') {
    const gutter = ` ${line} | `;
    lines.push(gutter + source, `${' '.repeat(gutter.length - 2)}| ${blank(source.slice(0, column - 1))}${marks(source, problem)}`);
  }
  if (hint) lines.push(`   ${hints[language]}${hint[language]}`);
  return lines.join('\n');
}

const severities = { zh: { error: '错误', warning: '警告' }, en: { error: 'error', warning: 'warning' } } as const;
const hints = { zh: '提示：', en: 'hint: ' } as const;

/** As wide as the text: Chinese characters take two columns on a terminal, and a tab stays a tab. */
function blank(text: string): string {
  return text.replace(/[^\t]/gu, (letter) => ' '.repeat(width(letter)));
}

function marks(source: string, { column, length }: Problem): string {
  return '^'.repeat(Math.max(1, [...source.slice(column - 1, column - 1 + length)].reduce((sum, letter) => sum + width(letter), 0)));
}

const width = (letter: string): number => (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u.test(letter) ? 2 : 1);
