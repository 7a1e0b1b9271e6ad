// The secrets of one state folder: made on first use, kept with mode 0600, never in the repository.

import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SetupError } from './setup-error.ts';

export type Secrets = {
  ari: string;
  /** What Asterisk says to us when it opens its outbound websocket. */
  ariListen: string;
  ami: string;
  redis: string;
  postgres: string;
  sessionSigning: string;
  /** Seals callers' numbers in Redis and Postgres: lost with this file. */
  storeKey: string;
  agents: Record<string, { sip: string; web: string }>;
};

export async function loadSecrets(stateDir: string, agentIds: readonly string[]): Promise<Secrets> {
  const file = join(stateDir, 'secrets.json');
  const old = await read(file);
  const secrets: Secrets = {
    ari: old.ari ?? secret(),
    ariListen: old.ariListen ?? secret(),
    ami: old.ami ?? secret(),
    redis: old.redis ?? secret(),
    postgres: old.postgres ?? secret(),
    sessionSigning: old.sessionSigning ?? secret(32),
    storeKey: old.storeKey ?? secret(32),
    agents: { ...old.agents },
  };
  for (const id of agentIds) secrets.agents[id] ??= { sip: secret(12), web: secret(9) };
  if (JSON.stringify(old) !== JSON.stringify(secrets)) await write(stateDir, file, secrets);
  else await chmod(file, 0o600);
  return secrets;
}

/**
 * Letters and digits only, so a secret needs no quoting in any file or address; a letter first, because SIPp reads a
 * password that begins with 0x as a number, and its phone is refused (one in 1,365).
 */
function secret(bytes = 24): string {
  const text = randomBytes(bytes).toString('base64').replace(/[^A-Za-z0-9]/g, 'x').slice(0, Math.ceil(bytes * 4 / 3));
  return /^[A-Za-z]/.test(text) ? text : secret(bytes);
}

async function read(file: string): Promise<Partial<Secrets>> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{}';
    throw error;
  });
  try {
    return JSON.parse(text) as Partial<Secrets>;
  } catch (cause) {
    throw new SetupError({
      en: `${file} is damaged. Restore it, or delete it to have new passwords made for all servers and agents.`,
      zh: `${file} 已损坏。请恢复该文件；或删除它，让所有服务和坐席使用新密码。`,
    }, { cause });
  }
}

async function write(stateDir: string, file: string, secrets: Secrets): Promise<void> {
  await mkdir(stateDir, { recursive: true, mode: 0o700 });
  await writeFile(`${file}.new`, JSON.stringify(secrets, null, 2) + '\n', { mode: 0o600 });
  await rename(`${file}.new`, file);
}
