/**
 * Another configuration for a service that runs: read, checked whole, made ready, and only then put in force. A faulty
 * one is refused and changes nothing. One after another: each sees what the one before left.
 */
import type { Text } from '../base/text.ts';
import type { CentreConfig } from './centre-config.ts';
import type { Loaded } from './load.ts';
import type { Problem } from './problem.ts';

export type Reloaded =
  /** `changed`: false where the files are those that hold already. */
  | { readonly ok: true; readonly version: string; readonly changed: boolean; readonly warnings: readonly Problem[] }
  /** What is wrong in the files, or else why they cannot be taken now. */
  | { readonly ok: false; readonly problems: readonly Problem[]; readonly reasons: readonly Text[] };

export type Reload = () => Promise<Reloaded>;

export interface ReloadParts {
  readonly now: () => CentreConfig;
  readonly read: () => Loaded;
  /** Makes what it needs before anybody can need it, and says what cannot be made. */
  readonly prepare: (config: CentreConfig) => Promise<readonly Text[]>;
  /** Puts it in force as a whole, or says why not. */
  readonly take: (config: CentreConfig) => Promise<Text | undefined>;
}

export function makeReload(parts: ReloadParts): Reload {
  let before: Promise<unknown> = Promise.resolve();
  return () => {
    const mine = before.then(() => reload(parts));
    before = mine.catch(() => undefined);
    return mine;
  };
}

async function reload({ now, read, prepare, take }: ReloadParts): Promise<Reloaded> {
  const loaded = readable(read);
  if (!loaded.ok) return { ok: false, problems: loaded.problems, reasons: [] };
  const { config, warnings } = loaded;
  if (config.centre.id !== now().centre.id) return refused(anotherCentre);
  const taken = (changed: boolean): Reloaded => ({ ok: true, version: config.version, changed, warnings });
  if (config.version === now().version) return taken(false);
  const failures = await prepare(config);
  if (failures.length > 0) return refused(...failures);
  const refusal = await take(config);
  return refusal === undefined ? taken(true) : refused(refusal);
}

/** A file that is just being replaced, or may not be read. */
function readable(read: ReloadParts['read']): Loaded {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && 'path' in error)) throw error;
    return { ok: false, problems: [{ file: String(error.path), line: 1, column: 1, length: 1, severity: 'error', code: 'unreadable', text: { zh: `无法读取（${String(error.code)}）`, en: `cannot be read (${String(error.code)})` }, source: '' }] };
  }
}

const refused = (...reasons: readonly Text[]): Reloaded => ({ ok: false, problems: [], reasons });

const anotherCentre: Text = {
  zh: 'centre.yaml 的 id 已改变：这是另一个中心，需停止服务后重新启动',
  en: 'the id in centre.yaml is another: that is another centre, which takes a stop and a start',
};
