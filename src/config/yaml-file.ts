/** One YAML file as plain values, with the way back from a value to its line and column. */
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Document, Node, Scalar, YAMLMap } from 'yaml';
import type { Text } from '../base/text.ts';
import { quoted } from './problem.ts';
import type { Finding, Problem } from './problem.ts';

export const fileBytesMax = 1_000_000;

export interface YamlFile {
  readonly name: string;
  /** Maps as objects without a prototype, in the order of the file; undefined when the file cannot be read at all. */
  readonly value: unknown;
  /** What is wrong with the YAML itself. */
  readonly problems: readonly Problem[];
  place(finding: Finding): Problem;
}

export function readYaml(name: string, text: string): YamlFile {
  const lines = text.split(/\r?\n/);
  const problemAt = (line: number, column: number, length: number, finding: Omit<Finding, 'path'>): Problem => ({
    file: name,
    line,
    column,
    length: Math.max(1, length),
    severity: finding.severity ?? 'error',
    code: finding.code,
    text: finding.text,
    ...(finding.hint && { hint: finding.hint }),
    source: lines[line - 1] ?? '',
  });
  const unreadable = (code: string, what: Text): YamlFile => {
    const problem = problemAt(1, 1, 1, { code, text: what });
    return { name, value: undefined, problems: [problem], place: (finding) => problemAt(1, 1, 1, finding) };
  };
  if (Buffer.byteLength(text) > fileBytesMax) {
    return unreadable('file-too-large', { zh: `文件超过 ${fileBytesMax} 字节`, en: `the file is larger than ${fileBytesMax} bytes` });
  }

  const counter = new LineCounter();
  let document: Document.Parsed;
  try {
    document = parseDocument(text, { lineCounter: counter, prettyErrors: false, uniqueKeys: false, logLevel: 'silent' });
  } catch (error) {
    // The parser is recursive: a file of nothing but brackets exhausts its stack.
    if (error instanceof RangeError) return unreadable('yaml-too-deep', { zh: '嵌套层数过多', en: 'nested too deeply' });
    throw error;
  }
  const at = (start: number, end: number, finding: Omit<Finding, 'path'>): Problem => {
    const from = counter.linePos(Math.min(start, text.length));
    const line = Math.max(1, from.line);
    const rest = (lines[line - 1] ?? '').length - from.col + 1;
    return problemAt(line, Math.max(1, from.col), Math.min(end - start, rest), finding);
  };

  const syntax = document.errors.map(({ code, message, pos }) => at(pos[0], pos[1], syntaxFinding(code, message, lines[counter.linePos(pos[0]).line - 1] ?? '')));
  // What follows on the same line is nearly always the first fault seen again.
  const problems = syntax.filter(({ line }, index) => syntax.findIndex((other) => other.line === line) === index);
  const report: Report = (node, finding) => {
    const [start, end] = node.range ?? [0, 0];
    if (syntax.length === 0) problems.push(at(start, end, finding));
  };
  const value = plain(document.contents, report, (node) => counter.linePos(node.range?.[0] ?? 0).line);
  return {
    name,
    value,
    problems,
    place: (finding) => {
      const [start, end] = rangeOf(document.contents, finding, text);
      return at(start, end, finding);
    },
  };
}

type Report = (node: Node, finding: Omit<Finding, 'path'>) => void;

function plain(node: unknown, report: Report, lineOf: (node: Node) => number): unknown {
  if (isAlias(node)) {
    report(node, { code: 'yaml-alias', text: { zh: '此处不支持 YAML 别名（*）', en: 'YAML aliases (*) are not used here' }, hint: { zh: '请写出完整内容；若是按键 *，请加引号："*"', en: 'write it out; for the key *, put it in quotes: "*"' } });
    return null;
  }
  if (isScalar(node)) {
    refuseTag(node, report);
    return scalarValue(node);
  }
  if (isSeq(node)) {
    refuseTag(node, report);
    return node.items.map((item) => plain(item, report, lineOf));
  }
  if (!isMap(node)) return null;
  refuseTag(node, report);
  // Without a prototype no key, `__proto__` included, means more than itself.
  const values: Record<string, unknown> = Object.create(null);
  const first = new Map<string, Node>();
  for (const { key, value } of node.items) {
    const written = keyText(key);
    if (written === undefined || !isScalar(key)) {
      report(isNode(key) ? key : node, { code: 'yaml-key', text: { zh: '键必须是简单的文字', en: 'a key must be a plain word' } });
      continue;
    }
    const before = first.get(written);
    if (before !== undefined) {
      report(key, { code: 'duplicate-key', text: { zh: `${quoted(written)} 重复出现`, en: `${quoted(written)} is here twice` }, hint: { zh: `第一次在第 ${lineOf(before)} 行，请删去其一`, en: `it was first on line ${lineOf(before)}; remove one of them` } });
      continue;
    }
    first.set(written, key);
    values[written] = plain(value, report, lineOf);
  }
  return values;
}

/** A number that would not print as it was written, such as the phone number 01088886666, stays text. */
function scalarValue(node: Scalar): unknown {
  const { value, source } = node;
  if (typeof value === 'number' && source !== undefined && String(value) !== source) return source;
  return typeof value === 'bigint' ? String(value) : value;
}

/** Keys are what was written: 4000 and "4000" are the same key. */
function keyText(key: unknown): string | undefined {
  if (!isScalar(key)) return undefined;
  return typeof key.value === 'string' ? key.value : (key.source ?? String(key.value));
}

function refuseTag(node: Node & { tag?: string }, report: Report): void {
  if (node.tag === undefined) return;
  report(node, { code: 'yaml-tag', text: { zh: '此处不支持 YAML 标签（!）', en: 'YAML tags (!) are not used here' } });
}

/** Start and end in the file of what a path leads to; where it leads nowhere, of the deepest part that is there. */
function rangeOf(root: unknown, finding: Finding, text: string): [number, number] {
  let node: unknown = root;
  let key: Node | undefined;
  for (const [depth, step] of finding.path.entries()) {
    const pair = isMap(node) ? pairOf(node, String(step)) : undefined;
    const next: unknown = pair ? pair.value : isSeq(node) && typeof step === 'number' ? node.items[step] : undefined;
    if (pair === undefined && next === undefined) return span(key ?? node);
    if (pair && isNode(pair.key)) key = pair.key;
    else if (isNode(next)) key = next;
    if (depth === finding.path.length - 1 && finding.onKey) return span(key);
    node = next ?? key;
  }
  const [start, end] = span(isNode(node) && !isEmpty(node) ? node : key ?? node);
  return finding.within && isScalar(node) ? part(node, finding.within, start, text) ?? [start, end] : [start, end];
}

function part(node: Scalar, within: { start: number; end: number }, start: number, text: string): [number, number] | undefined {
  if (typeof node.value !== 'string') return undefined;
  const opening = text[start] === '"' || text[start] === "'" ? 1 : 0;
  const from = start + opening;
  // A text with escapes or folded lines does not stand in the file letter by letter.
  if (text.slice(from, from + node.value.length) !== node.value) return undefined;
  return [from + within.start, from + Math.max(within.end, within.start + 1)];
}

const pairOf = (map: YAMLMap, name: string) => map.items.find(({ key }) => keyText(key) === name);
const isNode = (value: unknown): value is Node => isScalar(value) || isMap(value) || isSeq(value) || isAlias(value);
const isEmpty = (node: Node): boolean => isScalar(node) && node.value === null && !node.source;
const span = (node: unknown): [number, number] => (isNode(node) && node.range ? [node.range[0], node.range[1]] : [0, 1]);

function syntaxFinding(code: string, message: string, source: string): Omit<Finding, 'path'> {
  const said = syntaxTexts[code];
  const english = message.split('\n')[0] ?? message;
  if (/(^|[{,])\s*\*\s*:/.test(source)) return { code: 'yaml-syntax', text: { zh: '按键 * 要加引号', en: 'the key * must be in quotes' }, hint: { zh: '请写 "*":', en: 'write "*":' } };
  return { code: 'yaml-syntax', text: { zh: said ?? `YAML 语法有误：${english}`, en: `YAML: ${english}` } };
}
const syntaxTexts: Readonly<Record<string, string>> = {
  BAD_INDENT: 'YAML 缩进有误',
  TAB_AS_INDENT: 'YAML 不能用制表符（Tab）缩进，请用空格',
  MISSING_CHAR: 'YAML 缺少引号、括号或逗号',
  BAD_ALIAS: 'YAML 别名有误；若是按键 *，请加引号："*"',
  MULTIPLE_DOCS: '一个文件只能有一份 YAML 文档',
  UNEXPECTED_TOKEN: 'YAML 中有多余的符号',
  MULTILINE_IMPLICIT_KEY: '键必须写在同一行',
  BLOCK_AS_IMPLICIT_KEY: '同一行中不能再有一个“键: 值”',
};
