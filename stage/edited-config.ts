// A copy of the sample centre with changes: for tests, benches and faults that need their own numbers, times and people.

import { cp, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { defaultConfig } from '../cli/options.ts';

/** File → path of keys → value, put over the sample's own. */
export type Edits = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** A folder of its own; whoever asked removes it. `flows` are whole new files, by their names without `.yaml`. */
export async function editedConfig(edits: readonly Edits[], flows: Readonly<Record<string, string>> = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rexian-config-'));
  await cp(defaultConfig, folder, { recursive: true });
  for (const [name, text] of Object.entries(flows)) await writeFile(join(folder, `flows/${name}.yaml`), text);
  for (const all of edits) {
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
