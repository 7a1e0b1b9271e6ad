// How to run a program: from the prefix through the prefix's own loader, or from PATH as it is.

import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readEnvironment, type Environment } from './environment.ts';
import { ensurePrefix } from './prefix.ts';
import type { Progress } from './progress.ts';

export const programNames = ['asterisk', 'redis-server', 'sipp', 'baresip', 'espeak-ng', 'sox'] as const;
export type ProgramName = (typeof programNames)[number];

/** What measures and disturbs a centre from outside. Missing where the system's own programs are used and lack them. */
export type ToolName = 'tcpdump' | 'ip' | 'tc';

export type Command = { command: string; args: string[]; env: Record<string, string> };

/** Where the programs come from. `system` means PATH has every one of them, new enough. */
export type Programs = { kind: 'prefix'; prefix: string } | { kind: 'system'; folders: Readonly<Record<ProgramName, string>> };

export async function findPrograms(environment: Environment, progress: Progress): Promise<Programs> {
  return (await systemPrograms(environment)) ?? { kind: 'prefix', prefix: await ensurePrefix(environment, progress) };
}

export function program(from: Programs, name: ProgramName, args: readonly string[]): Command {
  return from.kind === 'system' ? { command: from.folders[name], args: [...args], env: {} } : fromPrefix(from.prefix, name, args);
}

export async function tool(from: Programs, name: ToolName, args: readonly string[], path = readEnvironment().path): Promise<Command | undefined> {
  if (from.kind === 'prefix') return fromPrefix(from.prefix, name, args);
  const command = await onPath(name, [...path, '/usr/sbin', '/sbin']);
  return command === undefined ? undefined : { command, args: [...args], env: {} };
}

function fromPrefix(prefix: string, name: ProgramName | ToolName, args: readonly string[]): Command {
  const libraries = join(prefix, 'usr/lib/x86_64-linux-gnu');
  const binary = join(prefix, name === 'asterisk' || name === 'tc' ? 'usr/sbin' : 'usr/bin', name);
  return {
    command: join(prefix, 'usr/lib64/ld-linux-x86-64.so.2'),
    // espeak-ng reaches its sound library in the pulseaudio folder even when it only writes a file.
    args: ['--library-path', `${libraries}:${libraries}/pulseaudio`, '--argv0', name, binary, ...args],
    env: name === 'espeak-ng' ? { ESPEAK_DATA_PATH: libraries } : {},
  };
}

/** Asterisk's own data: the REST descriptions and the documentation it wants at start. */
export function asteriskFolders(from: Programs): { data: string; modules: string } {
  const root = from.kind === 'prefix' ? from.prefix : '/';
  return { data: join(root, 'usr/share/asterisk'), modules: join(root, 'usr/lib/x86_64-linux-gnu/asterisk/modules') };
}

export function baresipModules(from: Programs): string {
  return join(from.kind === 'prefix' ? from.prefix : '/', 'usr/lib/baresip/modules');
}

const run = promisify(execFile);

async function systemPrograms(environment: Environment): Promise<Programs | undefined> {
  const folders: Partial<Record<ProgramName, string>> = {};
  for (const name of programNames) {
    const found = await onPath(name, [...environment.path, '/usr/sbin']);
    if (!found) return undefined;
    folders[name] = found;
  }
  const all = folders as Record<ProgramName, string>;
  const asterisk = await run(all.asterisk, ['-V']).then(({ stdout }) => /Asterisk (?:\S*-)?(\d+)/.exec(stdout)?.[1], () => undefined);
  const redis = await run(all['redis-server'], ['-v']).then(({ stdout }) => /v=(\d+)/.exec(stdout)?.[1], () => undefined);
  return Number(asterisk) >= 20 && Number(redis) >= 7 ? { kind: 'system', folders: all } : undefined;
}

async function onPath(name: string, folders: readonly string[]): Promise<string | undefined> {
  for (const folder of folders) {
    const file = join(folder, name);
    if (await access(file, constants.X_OK).then(() => true, () => false)) return file;
  }
  return undefined;
}
