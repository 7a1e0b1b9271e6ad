/** The pieces that all configuration schemas are made of, and how their failures are told to a person. */
import { z } from 'zod';
import type { Text } from '../base/text.ts';
import { quoted, unknownName } from './problem.ts';
import type { Finding, Path, Saying } from './problem.ts';

/** An object that knows all its fields. */
export function strict<Shape extends z.ZodRawShape>(shape: Shape) {
  // An issue does not say which fields are known; its message carries them to `unknownFields`.
  return z.strictObject(shape, { error: (issue) => (issue.code === 'unrecognized_keys' ? Object.keys(shape).join(' ') : undefined) });
}

/** What a person sees or hears, in both languages. A bare number such as 10086 is text here. */
export const line = z.preprocess((value) => (typeof value === 'number' ? String(value) : value), z.string().trim().min(1).max(500));
export const text = strict({ zh: line, en: line });

/** Names that also name files and keys. */
export const nameShape = /^[a-z][a-z0-9_-]{0,63}$/;
export const nameRule: Saying = {
  code: 'bad-name',
  text: { zh: '名称不合规则', en: 'this is not a name' },
  hint: { zh: '请用小写字母开头，只含小写字母、数字、- 和 _，最多 64 个字符', en: 'start with a small letter; small letters, digits, - and _ only, 64 at most' },
};

/** Says in our own words why a value is refused. */
export function refuse(context: z.RefinementCtx, saying: Saying): never {
  context.addIssue({ code: 'custom', params: { saying } });
  return z.NEVER;
}

/** A text of a shape, with what to say of one that has not. */
export const shaped = (shape: RegExp, saying: Saying) => z.string().refine((value) => shape.test(value), { params: { saying } });

/** The value as the schema reads it, or what is wrong with it. */
export function parse<Schema extends z.ZodType>(schema: Schema, value: unknown, at: Path): { readonly value?: z.output<Schema>; readonly findings: readonly Finding[] } {
  const result = schema.safeParse(value, { reportInput: true });
  return result.success ? { value: result.data, findings: [] } : { findings: result.error.issues.flatMap((issue) => explain(issue, at)) };
}

export const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

type Issue = z.core.$ZodIssue;

function explain(issue: Issue, at: Path): Finding[] {
  const path = [...at, ...issue.path.map((step) => (typeof step === 'number' ? step : String(step)))];
  const found = (saying: Saying): Finding[] => [{ path, ...saying }];
  switch (issue.code) {
    case 'custom':
      return found(sayingOf(issue) ?? wrongType(issue.input, String(issue.params?.['expected'] ?? ''), path));
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({ path: [...path, key], onKey: true, ...unknownName('field', key, issue.message.split(' ')) }));
    case 'invalid_value':
      return found(notOneOf(issue.input, issue.values.map(String)));
    case 'invalid_type':
      return found(wrongType(issue.input, issue.expected, path));
    case 'invalid_union':
      // What one of its choices says itself is better than that it is none of them.
      return found(issue.errors.flat().map(sayingOf).find((saying) => saying !== undefined) ?? wrongType(issue.input, 'duration', path));
    case 'too_small':
    case 'too_big':
      return found(outOfRange(issue));
    case 'invalid_key':
      return [{ path, onKey: true, ...(issue.issues.map(sayingOf).find((saying) => saying !== undefined) ?? nameRule) }];
    default:
      return found({ code: 'invalid', text: { zh: `${quoted(issue.input)} 写法有误`, en: `${quoted(issue.input)} is not right here` } });
  }
}

function sayingOf(issue: Issue): Saying | undefined {
  // Only `refuse` and `shaped` write this field, and they take nothing but a Saying.
  return issue.code === 'custom' ? (issue.params?.['saying'] as Saying | undefined) : undefined;
}

function notOneOf(input: unknown, values: readonly string[]): Saying {
  if (input === undefined) return wrongType(undefined, 'string', []);
  return unknownName('word', String(input), values);
}

function wrongType(input: unknown, expected: string, path: Path): Saying {
  const want = types[expected] ?? { zh: expected, en: expected };
  const name = quoted(String(path.at(-1) ?? ''));
  if (input === undefined) return { code: 'missing', text: { zh: `缺少 ${name}`, en: `${name} is missing` }, hint: { zh: `请补上${want.zh}`, en: `add it: ${want.en}` } };
  if (input === null) return { code: 'missing', text: { zh: `${name} 没有内容`, en: `${name} is empty` }, hint: { zh: `请写${want.zh}`, en: `write ${want.en}` } };
  const has = types[Array.isArray(input) ? 'array' : typeof input] ?? { zh: '', en: '' };
  return { code: 'wrong-type', text: { zh: `此处应为${want.zh}，而不是${has.zh}`, en: `this should be ${want.en}, not ${has.en}` } };
}

const types: Readonly<Record<string, Text>> = {
  string: { zh: '文字', en: 'a text' },
  number: { zh: '数字', en: 'a number' },
  int: { zh: '整数', en: 'a whole number' },
  boolean: { zh: ' true 或 false', en: 'true or false' },
  array: { zh: '列表', en: 'a list' },
  object: { zh: '“键: 值”', en: 'a block of “key: value”' },
  record: { zh: '“键: 值”', en: 'a block of “key: value”' },
  target: { zh: '去向：节点名，或 { queue: 队列名 }', en: 'a target: the name of a node, or { queue: … }' },
  duration: { zh: '时长（如 15s）', en: 'a duration such as 15s' },
};

function outOfRange(issue: Extract<Issue, { code: 'too_small' | 'too_big' }>): Saying {
  const limit = String(issue.code === 'too_small' ? issue.minimum : issue.maximum);
  const more = issue.code === 'too_small';
  if (issue.origin === 'string' && more) return { code: 'empty', text: { zh: '此处不能为空', en: 'this must not be empty' } };
  const unit = { zh: issue.origin === 'string' ? ' 个字符' : issue.origin === 'array' ? ' 项' : '', en: issue.origin === 'string' ? ' characters' : issue.origin === 'array' ? ' entries' : '' };
  return {
    code: 'out-of-range',
    text: { zh: `${quoted(Array.isArray(issue.input) ? '' : issue.input)} 超出范围`.trim(), en: 'this is out of range' },
    hint: more ? { zh: `至少 ${limit}${unit.zh}`, en: `at least ${limit}${unit.en}` } : { zh: `至多 ${limit}${unit.zh}`, en: `at most ${limit}${unit.en}` },
  };
}
