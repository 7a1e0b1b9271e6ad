import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const run = promisify(execFile);
const simulate = (...args: string[]) => run(join(root, 'node_modules/.bin/node'), [join(root, 'cli/main.ts'), 'simulate', ...args], { timeout: 60_000 });

let dir = '';
beforeAll(() => void (dir = mkdtempSync(join(tmpdir(), 'rexian-simulate-'))));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('./rexian simulate', () => {
  test('prints a table for people and ends with every figure as JSON; the same seed gives the same, and the CSV too', async () => {
    const traffic = join(dir, 'small.yaml');
    writeFileSync(traffic, 'replications: 4\nlength: 2h\nagents: { first: { count: 3 } }\nclasses:\n  calls: { needs: "true", serviceLevel: 20s, arrivals: { perHour: 40 }, handle: { exponential: 3m }, patience: { exponential: 2m }, tags: [vip] }\n');
    const { stdout, stderr } = await simulate('--traffic', traffic, '--json', '--csv', join(dir, 'small.csv'), '--lang', 'en');
    expect(stdout).toMatch(/^3 agents, \d+ calls; 4 replications of 2 h\. ± is the half-width of the 95 % confidence interval, from 4 samples\.$/m);
    expect(stdout).toMatch(/^ {2}vip +\d+ ±\d+ /m);
    expect(stderr).toContain('Simulating 4 × 2 h');
    const json = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
    expect(json).toMatchObject({ config: 'traffic', seed: '1', replications: 4, lengthMs: 7_200_000 });
    for (const figures of [json.all, json.queues.calls, json.classes.calls, json.tags.vip, json.groups.first, json.agents['100002']]) {
      for (const figure of Object.values(figures)) expect(figure).toEqual({ mean: expect.any(Number), halfWidth: expect.any(Number) });
    }
    expect(json.all.offered.mean).toBeCloseTo(80, -1.3);
    const csv = readFileSync(join(dir, 'small.csv'), 'utf8').split('\n');
    expect(csv[0]).toBe('scope,name,figure,mean,half_width');
    expect(csv).toContain(`class,calls,meanWaitMs,${json.classes.calls.meanWaitMs.mean},${json.classes.calls.meanWaitMs.halfWidth}`);
    const again = await simulate('--traffic', traffic, '--json', '--threads', '1');
    const { tookMs: _, ...same } = JSON.parse(again.stdout.trimEnd().split('\n').at(-1) ?? '');
    expect({ ...same, tookMs: json.tookMs }).toEqual(json);
  });

  test('says in the asked language where the file is wrong, and fails', async () => {
    const traffic = join(dir, 'wrong.yaml');
    writeFileSync(traffic, 'classes:\n  calls: { queue: biling, arrivals: { perHour: 40 }, talk: { exponential: 3m } }\n');
    const failed: unknown = await simulate('--traffic', traffic, '--lang', 'zh').catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(`${traffic}:2:19: 错误: 没有名为 "biling" 的队列`) });
    await expect(simulate('--lang', 'en')).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('--traffic FILE') });
  });
});
