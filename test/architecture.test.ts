import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const src = resolve(import.meta.dirname, '../src');
const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'));
const textOf = new Map(files.map((file) => [file, readFileSync(join(src, file), 'utf8')] as const));

/** What a file imports: our own files as paths below src, packages as they are. `types` are imports that vanish. */
function importsOf(file: string): { values: string[]; types: string[] } {
  const found = { values: [] as string[], types: [] as string[] };
  for (const [, type, from] of (textOf.get(file) ?? '').matchAll(/^(?:import|export)(?:\s+(type)\b)?[^'";]*?from\s+'([^']+)';/gm)) {
    const name = from ?? '';
    (type ? found.types : found.values).push(name.startsWith('.') ? relative(src, join(src, dirname(file), name)) : name);
  }
  return found;
}

const inFolder = (folder: string): string[] => files.filter((file) => file.startsWith(`${folder}/`));

/** Only these files may import the package, whether for values or types. */
const owners: readonly { packages: RegExp; may: RegExp }[] = [
  { packages: /^(ari-client|asterisk-manager)$/, may: /^telephony\// },
  { packages: /^(pg|kysely|ioredis|bullmq)(\/|$)/, may: /^(store|reports)\/|^recording\/finalizer\.ts$/ },
  { packages: /^(fastify|@fastify\/.*|fastify-.*)$/, may: /^http\/|^cti\/socket\.ts$/ },
];

describe('who may import whom', () => {
  test.each(owners)('$packages only in $may', ({ packages, may }) => {
    const strangers = files.filter((file) => !may.test(file)).filter((file) => {
      const { values, types } = importsOf(file);
      return [...values, ...types].some((name) => packages.test(name));
    });
    expect(strangers).toEqual([]);
  });

  test('process.env is read in config/env.ts alone', () => {
    expect(files.filter((file) => file !== 'config/env.ts' && /process\.env/.test(textOf.get(file) ?? ''))).toEqual([]);
  });

  test('acd and ivr know nothing of each other', () => {
    const between = (from: string, to: string) => inFolder(from).filter((file) => [...importsOf(file).values, ...importsOf(file).types].some((name) => name.startsWith(`${to}/`)));
    expect([between('acd', 'ivr'), between('ivr', 'acd')]).toEqual([[], []]);
  });

  test('the decider is pure: no package, no node module, no await, clock or random outside engine.ts and its spool', () => {
    const pure = inFolder('acd').filter((file) => !/^acd\/(engine|spool|journal-port)\.ts$/.test(file));
    const foul = pure.filter((file) => importsOf(file).values.some((name) => !name.endsWith('.ts')) || /\b(await|async|Promise|Date\.now|new Date|Math\.random|performance|setTimeout|console)\b/.test(withoutComments(textOf.get(file) ?? '')));
    expect(foul).toEqual([]);
  });

  test('the simulator is pure but for its files and threads: no package, no node module, no clock, no random but its own streams', () => {
    const pure = inFolder('simulate').filter((file) => !/^simulate\/(load-traffic|pool|worker-port|worker|compare-worker)\.ts$/.test(file));
    const foul = pure.filter((file) => importsOf(file).values.some((name) => !name.endsWith('.ts') && name !== 'zod') || /\b(await|async|Promise|Date\.now|new Date|Math\.random|performance|setTimeout|console)\b/.test(withoutComments(textOf.get(file) ?? '')));
    expect(foul).toEqual([]);
  });

  test('the flows await and time only in session.ts, sessions.ts and what makes prompts', () => {
    const shells = /^ivr\/(session|sessions|wake-up|prompts|synthesise|run-program)\.ts$/;
    expect(inFolder('ivr').filter((file) => !shells.test(file) && /\b(await|setTimeout|Date\.now)\b/.test(withoutComments(textOf.get(file) ?? '')))).toEqual([]);
  });

  test('no import goes in a circle', () => {
    const state = new Map<string, 'open' | 'done'>();
    const circles: string[] = [];
    const visit = (file: string, trail: readonly string[]): void => {
      if (state.get(file) === 'done') return;
      if (state.get(file) === 'open') return void circles.push([...trail.slice(trail.indexOf(file)), file].join(' → '));
      state.set(file, 'open');
      for (const name of importsOf(file).values) if (textOf.has(name)) visit(name, [...trail, file]);
      state.set(file, 'done');
    };
    for (const file of files) visit(file, []);
    expect(circles).toEqual([]);
  });
});

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\/\/.*$/gm, '');
}
