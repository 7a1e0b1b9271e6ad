/**
 * No package with a known hole is in the lockfile. The list is short and by hand: what once was in our tree or nearly
 * was, each with its advisory. `npm audit` knows more and is to be run where its endpoint can be reached.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

interface Locked {
  readonly name: string;
  readonly version: string;
  readonly at: string;
}

const lock = JSON.parse(readFileSync(join(import.meta.dirname, '../../package-lock.json'), 'utf8')) as {
  packages: Record<string, { name?: string; version?: string; hasInstallScript?: boolean }>;
};
const locked: readonly Locked[] = Object.entries(lock.packages).filter(([at]) => at !== '')
  // An alias stands in the folder of the name it replaces and says its own in `name`.
  .map(([at, { name, version }]) => ({ at, version: version ?? '', name: name ?? at.slice(at.lastIndexOf('node_modules/') + 13) }));

/** Name → first version without the hole (null: none has been published), and where it is told. */
const holes: Readonly<Record<string, readonly [fixed: string | null, advisory: string]>> = {
  request: [null, 'GHSA-p8p7-x288-28g6: server-side request forgery by redirects; given up in 2020'],
  'har-validator': [null, 'deprecated with request'],
  'tough-cookie': ['4.1.3', 'GHSA-72xf-g2v4-qvf3: prototype pollution'],
  'form-data': ['4.0.4', 'GHSA-fjxv-7rqg-78g4: predictable boundaries'],
  qs: ['6.14.1', 'GHSA-6rw7-vpxm-498p: memory by array limits'],
  'json-schema': ['0.4.0', 'GHSA-896r-f27r-55mw: prototype pollution'],
  jsprim: ['1.4.2', 'brings json-schema before 0.4.0'],
  cookiejar: ['2.1.4', 'GHSA-h452-7996-h45h: a pattern that takes for ever'],
  uuid: ['14.0.0', 'GHSA-w5hq-g745-h8pq: writes beyond its buffer'],
  'simple-get': ['4.0.1', 'GHSA-wpg7-2c88-r8xv: cookies given to another site'],
  ws: ['8.17.1', 'GHSA-3h5v-q93c-6h6q: a crash by many headers'],
  lodash: ['4.17.21', 'GHSA-35jh-r3h4-6jhm: command injection by template'],
  fastify: ['5.12.1', 'GHSA-573f-x89g-hqp9, GHSA-444r-cwp2-x5xf, GHSA-247c-9743-5963 and later ones'],
  '@fastify/static': ['10.1.4', 'GHSA-83w8-p2f5-377r, GHSA-r799-r9gc-m956: guards passed by'],
  'fast-jwt': ['6.2.0', 'GHSA-hm7r-c7qw-ghp6, CVE-2026-34950: critical header not looked at, algorithms confused'],
  kysely: ['0.28.14', 'CVE-2026-33468: SQL injection by literals'],
  protobufjs: ['7.5.6', 'CVE-2026-44291, CVE-2026-44293: code injection'],
  'tar-fs': ['2.1.4', 'GHSA-vj76-c3g6-qr5v: writes outside its folder'],
  tmp: ['0.2.4', 'GHSA-52f5-9888-hmc6: writes through symbolic links'],
  'brace-expansion': ['2.0.2', 'GHSA-v6h2-p8h4-qcjw: a pattern that takes for ever'],
  'cross-spawn': ['7.0.5', 'GHSA-3xgq-45jj-v275: a pattern that takes for ever'],
};

const found = (of: readonly Locked[]): string[] => of.flatMap(({ name, version, at }) => {
  const [fixed, advisory] = holes[name] ?? [undefined, ''];
  return fixed === undefined || (fixed !== null && !isBefore(version, fixed)) ? [] : [`${at}@${version}: ${advisory}`];
});

describe('the lockfile', () => {
  test('holds no version with a known hole', () => {
    expect(locked.length).toBeGreaterThan(200);
    expect(found(locked)).toEqual([]);
  });

  test('would be found out if it did', () => {
    const bad = (name: string, version: string): Locked => ({ name, version, at: `node_modules/${name}` });
    expect(found([bad('request', '2.88.2'), bad('uuid', '3.4.0'), bad('ws', '6.2.2'), bad('kysely', '0.28.13'), bad('uuid', '14.0.3')])).toHaveLength(4);
  });

  test('has nothing of ari-client’s that is not raised: request is another package, its family is gone', () => {
    const of = (name: string) => locked.filter(({ at }) => at.endsWith(`node_modules/${name}`));
    expect(of('request').map(({ name }) => name)).toEqual(['simple-get']);
    for (const gone of ['aws-sign2', 'http-signature', 'sshpk', 'tunnel-agent', 'forever-agent', 'caseless', 'har-schema', 'oauth-sign']) expect(of(gone)).toEqual([]);
    expect(of('ws').map(({ version }) => version)).toHaveLength(1);
  });
});

function isBefore(version: string, fixed: string): boolean {
  const [a, b] = [version, fixed].map((text) => text.split(/[-+]/)[0]?.split('.').map(Number) ?? []);
  for (let n = 0; n < 3; n += 1) if ((a?.[n] ?? 0) !== (b?.[n] ?? 0)) return (a?.[n] ?? 0) < (b?.[n] ?? 0);
  return false;
}
