/** prompts.yaml: what callers hear, as text to be spoken or as WAV files. */
import { readFileSync, statSync } from 'node:fs';
import { resolve, sep } from 'node:path';
import { z } from 'zod';
import type { Prompt, PromptSource } from './centre-config.ts';
import { quoted } from './problem.ts';
import type { Finding, Saying } from './problem.ts';
import { isRecord, line, nameRule, nameShape, parse, strict } from './schema.ts';

const promptsMax = 2_000;
const wavBytesMax = 20_000_000;

const spoken = line.transform((text): PromptSource => ({ kind: 'text', text }));
const recorded = strict({ file: z.string().min(1).max(255) }).transform(({ file }): PromptSource => ({ kind: 'file', path: file }));

export interface ReadPrompts {
  readonly value: ReadonlyMap<string, Prompt>;
  readonly findings: readonly Finding[];
}

/** `dir` is what the names of WAV files are relative to; without it nobody looks for them. */
export function readPrompts(raw: unknown, dir: string | undefined): ReadPrompts {
  const prompts = new Map<string, Prompt>();
  if (!isRecord(raw)) return { value: prompts, findings: [{ path: [], code: 'wrong-type', text: { zh: '此处应为“提示音名: …”', en: 'this should be a block of “prompt name: …”' } }] };
  const findings: Finding[] = [];
  if (Object.keys(raw).length > promptsMax) findings.push({ path: [], code: 'too-many', text: { zh: `提示音超过 ${promptsMax} 条`, en: `more than ${promptsMax} prompts` } });
  for (const [name, entry] of Object.entries(raw).slice(0, promptsMax)) {
    if (!nameShape.test(name)) findings.push({ path: [name], onKey: true, ...nameRule });
    const shape = parse(strict({ zh: z.unknown(), en: z.unknown() }), entry, [name]);
    findings.push(...shape.findings);
    if (!shape.value) continue;
    const zh = readSource(shape.value.zh, [name, 'zh'], dir, findings);
    const en = readSource(shape.value.en, [name, 'en'], dir, findings);
    if (zh && en) prompts.set(name, { name, zh, en });
  }
  return { value: prompts, findings };
}

function readSource(raw: unknown, path: string[], dir: string | undefined, findings: Finding[]): PromptSource | undefined {
  const parsed = isRecord(raw) ? parse(recorded, raw, path) : parse(spoken, raw, path);
  findings.push(...parsed.findings);
  if (!parsed.value || parsed.value.kind === 'text' || dir === undefined) return parsed.value;
  const file = resolve(dir, parsed.value.path);
  const wrong = file.startsWith(resolve(dir) + sep) ? wavFault(file, parsed.value.path) : outside(parsed.value.path);
  if (!wrong) return { kind: 'file', path: file };
  findings.push({ path: [...path, 'file'], ...wrong });
  return undefined;
}

function wavFault(file: string, written: string): Saying | undefined {
  const size = statSync(file, { throwIfNoEntry: false })?.size;
  if (size === undefined) return { code: 'no-file', text: { zh: `找不到文件 ${quoted(written)}`, en: `there is no file ${quoted(written)}` } };
  if (size > wavBytesMax) return { code: 'file-too-large', text: { zh: `${quoted(written)} 超过 ${wavBytesMax} 字节`, en: `${quoted(written)} is larger than ${wavBytesMax} bytes` } };
  const head = readFileSync(file).subarray(0, 12).toString('latin1');
  if (/^RIFF[^]{4}WAVE/.test(head)) return undefined;
  return { code: 'not-wav', text: { zh: `${quoted(written)} 不是 WAV 文件`, en: `${quoted(written)} is not a WAV file` } };
}

const outside = (written: string): Saying => ({
  code: 'outside',
  text: { zh: `${quoted(written)} 不在配置目录内`, en: `${quoted(written)} is outside the configuration's folder` },
});
