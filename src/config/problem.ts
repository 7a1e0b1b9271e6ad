/** What is wrong in the files of config/, said so that whoever wrote them can put it right. */
import type { Text } from '../base/text.ts';
import { nearest } from './nearest.ts';

export interface Problem {
  /** Relative to the folder of the configuration. */
  readonly file: string;
  /** From 1; a problem of the file as a whole is at 1:1. */
  readonly line: number;
  readonly column: number;
  /** How many characters of the line are meant. */
  readonly length: number;
  readonly severity: 'error' | 'warning';
  /** A word that stays the same when the texts are reworded. */
  readonly code: string;
  readonly text: Text;
  /** What to write instead. */
  readonly hint?: Text;
  /** The line itself. */
  readonly source: string;
}

/** Where something stands in a file's tree: keys and indexes from its root. */
export type Path = readonly (string | number)[];

/** A problem before its path in the tree has become a line and a column. */
export interface Finding {
  readonly path: Path;
  /** Points at the key itself and not at what stands behind it. */
  readonly onKey?: boolean;
  /** Part of a text, such as a condition, in characters from its start. */
  readonly within?: { readonly start: number; readonly end: number };
  readonly severity?: 'warning';
  readonly code: string;
  readonly text: Text;
  readonly hint?: Text;
}

export type Saying = Pick<Finding, 'code' | 'text' | 'hint'>;

export type Kind = 'node' | 'queue' | 'prompt' | 'skill' | 'calendar' | 'agent' | 'field' | 'trunk' | 'flow' | 'variable' | 'word';
const kinds: Readonly<Record<Kind, Text>> = {
  node: { zh: '节点', en: 'node' },
  queue: { zh: '队列', en: 'queue' },
  prompt: { zh: '提示音', en: 'prompt' },
  skill: { zh: '技能', en: 'skill' },
  calendar: { zh: '日历', en: 'calendar' },
  agent: { zh: '座席', en: 'agent' },
  field: { zh: '字段', en: 'field' },
  trunk: { zh: '中继', en: 'trunk' },
  flow: { zh: '流程', en: 'flow' },
  variable: { zh: '变量', en: 'variable' },
  word: { zh: '取值', en: 'word' },
};

/** A name that means nothing here, with the one that was probably meant. */
export function unknownName(kind: Kind, name: string, known: Iterable<string>): Saying {
  const names = [...known];
  const meant = nearest(name, names);
  const some = names.slice(0, 8).map(quoted).join(', ') + (names.length > 8 ? ' …' : '');
  const text =
    kind === 'word'
      ? { zh: `此处不能写 ${quoted(name)}`, en: `${quoted(name)} is not one of the choices here` }
      : { zh: `没有名为 ${quoted(name)} 的${kinds[kind].zh}`, en: `there is no ${kinds[kind].en} ${quoted(name)}` };
  if (meant !== undefined) return { code: `unknown-${kind}`, text, hint: { zh: `是否想写 ${quoted(meant)}？`, en: `did you mean ${quoted(meant)}?` } };
  if (names.length === 0) return { code: `unknown-${kind}`, text };
  return { code: `unknown-${kind}`, text, hint: { zh: `可以写：${some}`, en: `write one of: ${some}` } };
}

/** Long or many-lined values are cut, so that one problem stays one line. */
export function quoted(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…"` : text;
}
