/** The sample centre as files that a test may change. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { loadCentre } from '../../src/config/load.ts';
import type { Problem } from '../../src/config/problem.ts';

export const sampleDir = join(import.meta.dirname, '../../config');

/** A copy of the sample with some files replaced, or removed by null. */
export function sampleWith(changes: Readonly<Record<string, string | null>> = {}): string {
  const dir = mkdtempSync(join(tmpdir(), 'rexian-config-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  cpSync(sampleDir, dir, { recursive: true });
  for (const [file, text] of Object.entries(changes)) {
    if (text === null) rmSync(join(dir, file));
    else {
      mkdirSync(dirname(join(dir, file)), { recursive: true });
      writeFileSync(join(dir, file), text);
    }
  }
  return dir;
}

/** A file of the sample with its one occurrence of `from` replaced. */
export function sampleFile(file: string, from: string, to: string): string {
  const text = readFileSync(join(sampleDir, file), 'utf8');
  if (text.split(from).length !== 2) throw new Error(`${file} should hold ${JSON.stringify(from)} exactly once`);
  return text.replace(from, () => to);
}

export function problemsOf(changes: Readonly<Record<string, string | null>>): readonly Problem[] {
  const loaded = loadCentre(sampleWith(changes));
  return loaded.ok ? loaded.warnings : loaded.problems;
}

/** `queues.yaml:4:10 unknown-queue "general"`: the place, the code, and the word that the hint offers. */
export function brief({ file, line, column, code, hint }: Problem): string {
  const offered = /^did you mean (.*)\?$/.exec(hint?.en ?? '')?.[1];
  return `${file}:${line}:${column} ${code}${offered ? ` ${offered}` : ''}`;
}
