// The two commands of a newcomer, the first of them: `./rexian demo`, from the launcher on, in both languages side by side.

import { execFile } from 'node:child_process';
import { access, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const launcher = fileURLToPath(new URL('../../rexian', import.meta.url));
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rexian-demo-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Verdict {
  readonly ok: boolean;
  readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly ms: number }[];
  readonly contact: string;
  readonly recording: string;
}

function demo(...args: string[]): Promise<{ code: number; out: string }> {
  return new Promise((resolve) => {
    execFile(launcher, ['demo', ...args], (error, out) => resolve({ code: typeof error?.code === 'number' ? error.code : 0, out }));
  });
}

describe.concurrent('demo', () => {
  test.each([
    ['en', 'Rexian: one call from beginning to end', 'calls a first time and hangs up in the menu', 'Report: offered 1, answered 1'],
    ['zh', 'Rexian 热线：一通电话的全过程', '先打来一次，在菜单里挂断', '报表：呼入 1，接通 1，接通率 100.00 %'],
  ])('in %s does the main job and proves it', async (lang, ...texts) => {
    const state = join(folder, lang);
    const { code, out } = await demo('--json', '--lang', lang, '--state', state);
    // With its own words, which say of a phone what it died of.
    if (code !== 0) throw new Error(`the demo failed:\n${out.slice(-3_000)}`);
    const verdict = JSON.parse(out.trim().split('\n').at(-1) ?? '') as Verdict;
    expect(verdict.checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(verdict).toEqual({
      ok: true,
      checks: expect.arrayContaining(['screen-pop-while-ringing', 'agent-number-heard', 'caller-hears-agent', 'agent-hears-caller', 'recording-stereo', 'events-in-order', 'report'].map((name) => ({ name, ok: true, ms: expect.any(Number) as number }))) as unknown,
      contact: expect.stringMatching(/^c-/) as string,
      recording: expect.stringMatching(/^rx-r-/) as string,
    });
    for (const text of texts) expect(out).toContain(text);
    expect(code).toBe(0);
    await access(state);
  }, 120_000);
});
