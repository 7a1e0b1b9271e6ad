// The sample centre, in a hurry: the same flows and people, with times that a test can wait for.

import { cp, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { defaultConfig } from '../../cli/options.ts';

/** File → path of keys → value, put over the sample's own. */
export type Edits = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Straight into a queue, for tests that are not about the menu. */
export const straightIn = '4100';
const hurry: Edits = {
  'centre.yaml': { [`numbers/${straightIn}`]: 'straight-in', 'backOff/busy': '1s', 'backOff/unreachable': '1s' },
  'queues.yaml': { 'billing/ring': '3s', 'billing/wrapUp/time': '300ms', 'general/ring': '3s', 'general/wrapUp/time': '300ms' },
  'prompts.yaml': { 'welcome/zh': '您好。', 'main-menu/zh': '请按一，或按二。', 'to-agent/zh': '请稍候。', 'service-menu/zh': '请按一，或按零。', 'manager-away/zh': '请稍候。' },
};

/** A folder of its own; whoever asked removes it. */
export async function quickConfig(edits: Edits = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rexian-config-'));
  await cp(defaultConfig, folder, { recursive: true });
  await writeFile(join(folder, 'flows/straight-in.yaml'), 'start: line\nnodes:\n  line: { queue: billing }\n');
  for (const all of [hurry, edits]) {
    for (const [name, changes] of Object.entries(all)) await edit(join(folder, name), changes);
  }
  return folder;
}

async function edit(file: string, changes: Readonly<Record<string, unknown>>): Promise<void> {
  const document = parseDocument(await readFile(file, 'utf8'));
  // Agents and dialled numbers are numbers in YAML, so that their keys are found only as such.
  const key = (text: string): string | number => (/^\d+$/.test(text) ? Number(text) : text);
  for (const [path, value] of Object.entries(changes)) document.setIn(path.split('/').map(key), value);
  await writeFile(file, String(document));
}
