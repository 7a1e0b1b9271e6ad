// The only place in runtime/ that reads process.env.

import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type Lang = 'en' | 'zh';

export type Environment = Readonly<{
  cacheDir: string;
  debianMirror: string | undefined;
  databaseUrl: string | undefined;
  redisUrl: string | undefined;
  ariUrl: string | undefined;
  amiUrl: string | undefined;
  /** What becomes of servers that are not safe. */
  insecure: 'refuse' | 'warn';
  /** Where tests get their servers from. */
  testServices: 'local' | 'containers';
  /** The folders of PATH, in order. */
  path: readonly string[];
  /** What a child process of ours inherits. */
  inherited: Readonly<Record<string, string>>;
}>;

export function readEnvironment(env: NodeJS.ProcessEnv = process.env): Environment {
  const set = (name: string): string | undefined => env[name]?.trim() || undefined;
  const userCache = set('XDG_CACHE_HOME') ?? (set('HOME') ? join(set('HOME') as string, '.cache') : tmpdir());
  return Object.freeze({
    cacheDir: set('REXIAN_CACHE') ?? join(userCache, 'rexian'),
    debianMirror: set('REXIAN_DEBIAN_MIRROR'),
    databaseUrl: set('DATABASE_URL'),
    redisUrl: set('REDIS_URL'),
    ariUrl: set('ASTERISK_ARI_URL'),
    amiUrl: set('ASTERISK_AMI_URL'),
    insecure: set('REXIAN_INSECURE') === 'warn' ? 'warn' : 'refuse',
    testServices: set('REXIAN_TEST_SERVICES') === 'containers' ? 'containers' : 'local',
    path: (env.PATH ?? '/usr/local/bin:/usr/bin:/bin').split(':').filter((folder) => folder.startsWith('/')),
    inherited: Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined)),
  });
}

export function langFrom(env: NodeJS.ProcessEnv = process.env): Lang {
  const locale = env.LC_ALL || env.LC_MESSAGES || env.LANG || 'en';
  return locale.startsWith('zh') ? 'zh' : 'en';
}
