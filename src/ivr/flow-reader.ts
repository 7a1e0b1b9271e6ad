/** What a node's own reading needs: shapes checked, names checked, targets turned into names of nodes. */
import { z } from 'zod';
import { unknownName } from '../config/problem.ts';
import type { AgentConfig } from '../config/agent-config.ts';
import type { Finding, Kind, Path, Saying } from '../config/problem.ts';
import { isRecord, parse, shaped } from '../config/schema.ts';
import type { Key } from '../telephony/port.ts';

/** The names that a flow may use, whether or not what they name is free of faults. */
export interface KnownNames {
  readonly queue: readonly string[];
  readonly prompt: readonly string[];
  readonly calendar: readonly string[];
  readonly agent: readonly string[];
  readonly trunk: readonly string[];
  readonly skill: readonly string[];
  /** Who serves a queue. */
  readonly serving: (queue: string) => readonly Pick<AgentConfig, 'id' | 'skills'>[];
}

export type NamedKind = Exclude<keyof KnownNames, 'serving'> & Kind;

/** Where a node leads, and where that is written. */
export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly path: Path;
}

export interface Reader {
  readonly findings: Finding[];
  readonly edges: Edge[];
  /** Names that the flow gives values to, in `data` and `secret`. */
  readonly variables: Set<string>;
  readonly secrets: Set<string>;
  /** Checked when all variables are known. */
  readonly conditions: { readonly text: string; readonly path: Path }[];
  /** Variables that needs speak of; checked then, too. */
  readonly mentions: { readonly variable: string; readonly path: Path }[];
  readonly skills: ReadonlySet<string>;
  readonly serving: KnownNames['serving'];
  parse<Schema extends z.ZodType>(schema: Schema, raw: unknown, path: Path): z.output<Schema> | undefined;
  /** The name of the node that a target means; one written in place becomes a node of its own. */
  target(raw: Target, from: Place, ...way: Path): string;
  check(kind: NamedKind, name: string, path: Path): void;
  found(path: Path, saying: Saying): void;
}

/** A node's name and where it is written. */
export interface Place {
  readonly name: string;
  readonly path: Path;
}

/** A node's name, or a node written in place. */
export type Target = string | Record<string, unknown>;
export const target = z.unknown().transform((raw, context): Target => {
  if (typeof raw === 'string' || isRecord(raw)) return raw;
  context.addIssue({ code: 'custom', input: raw, params: { expected: 'target' } });
  return z.NEVER;
});

/** One prompt or several, said one after another. */
export const prompts = z.union([z.string(), z.array(z.string()).min(1).max(20)]).transform((names) => (typeof names === 'string' ? [names] : names));

export const variableName = shaped(/^[a-z][a-z0-9_]{0,63}$/, {
  code: 'bad-name',
  text: { zh: '变量名不合规则', en: 'this is not the name of a variable' },
  hint: { zh: '请用小写字母开头，只含小写字母、数字和 _，最多 64 个字符', en: 'start with a small letter; small letters, digits and _ only, 64 at most' },
});

/** Keys of a telephone, each with where it leads. */
export function readKeys(raw: Readonly<Record<string, Target>>, place: Place, reader: Reader): Map<Key, string> {
  const keys = new Map<Key, string>();
  for (const [key, to] of Object.entries(raw)) {
    if (!isKey(key)) reader.findings.push({ path: [...place.path, 'keys', key], onKey: true, code: 'unknown-key', text: { zh: `电话上没有按键 ${key}`, en: `a telephone has no key ${key}` }, hint: { zh: '可以写 0 到 9、"*"、"#"', en: 'write 0 to 9, "*" or "#"' } });
    const node = reader.target(to, place, 'keys', key);
    if (isKey(key)) keys.set(key, node);
  }
  return keys;
}

const isKey = (key: string): key is Key => /^[0-9*#A-D]$/.test(key);

export function checkPrompts(reader: Reader, names: readonly string[], path: Path): void {
  for (const [index, name] of names.entries()) reader.check('prompt', name, names.length === 1 ? path : [...path, index]);
}

export type ReadNode<Node> = (raw: unknown, place: Place, reader: Reader) => Node | undefined;

/** `readTarget` comes from the flow, because a node written in place may be of any kind. */
export function newReader(known: KnownNames, readInPlace: (raw: Record<string, unknown>, place: Place) => void): Reader {
  const reader: Reader = {
    findings: [],
    edges: [],
    variables: new Set(),
    secrets: new Set(),
    conditions: [],
    mentions: [],
    skills: new Set(known.skill),
    serving: known.serving,
    parse(schema, raw, path) {
      const parsed = parse(schema, raw, path);
      reader.findings.push(...parsed.findings);
      return parsed.value;
    },
    target(raw, from, ...way) {
      const path = [...from.path, ...way];
      const name = typeof raw === 'string' ? raw : [from.name, ...way].join('/');
      reader.edges.push({ from: from.name, to: name, path });
      if (typeof raw !== 'string') readInPlace(raw, { name, path });
      return name;
    },
    check(kind: NamedKind, name, path) {
      if (!known[kind].includes(name)) reader.findings.push({ path, ...unknownName(kind, name, known[kind]) });
    },
    found(path, saying) {
      reader.findings.push({ path, ...saying });
    },
  };
  return reader;
}
