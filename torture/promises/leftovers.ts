/** 8: memory, file descriptors, bridges, playbacks back to where they were. */
import { readdir, readFile, readlink } from 'node:fs/promises';
import type { Stage } from '../../stage/stage.ts';

export interface Footprint {
  readonly service: Process;
  /** Undefined where the Asterisk is not of this machine. */
  readonly asterisk: Process | undefined;
  readonly bridges: number;
}
interface Process {
  readonly residentMb: number;
  /** Open, without connections that are well and whose other end decides how long: of browsers and checkers, and of the pool to Postgres. */
  readonly files: number;
}

/** A process that has worked for the first time keeps what it has warmed up: an Asterisk of 57 MB had 119 after its first 300 calls. A leak grows past it. */
const spareMb = { service: 80, asterisk: 80 } as const;
const spareFiles = { service: 4, asterisk: 4 } as const;

export async function footprint(stage: Stage): Promise<Footprint> {
  const { asterisk } = stage.runtime.pids;
  return {
    service: await processOf(stage.service.pid, new Set([portOf(stage.service.url), portOf(stage.runtime.databaseUrl), ...(stage.wires.postgres ? [stage.wires.postgres.port] : [])])),
    asterisk: asterisk === undefined ? undefined : await processOf(asterisk, new Set([portOf(stage.runtime.ari.url)])),
    bridges: (await stage.ask('bridges')).length,
  };
}

export function nothingIsLeft(before: Footprint, after: Footprint): string[] {
  const grown = (name: 'service' | 'asterisk'): string[] => {
    const [was, is] = [before[name], after[name]];
    if (!was || !is) return [];
    return [
      ...(is.residentMb > was.residentMb + spareMb[name] ? [`${name}: ${is.residentMb} MB, ${was.residentMb} before`] : []),
      ...(is.files > was.files + spareFiles[name] ? [`${name}: ${is.files} file descriptors, ${was.files} before`] : []),
    ];
  };
  return [...grown('service'), ...grown('asterisk'), ...(after.bridges > before.bridges ? [`${after.bridges} bridges, ${before.bridges} before`] : [])];
}

const portOf = (url: string): number => Number(new URL(url).port || 5432);

async function processOf(pid: number, ports: ReadonlySet<number>): Promise<Process> {
  const [status, names, others] = await Promise.all([readFile(`/proc/${pid}/status`, 'utf8'), readdir(`/proc/${pid}/fd`), establishedAt(ports)]);
  // One that was closed between the listing and here is not open.
  const open = await Promise.all(names.map((name) => readlink(`/proc/${pid}/fd/${name}`).catch(() => undefined)));
  const counted = open.filter((target) => target !== undefined && !others.has(/^socket:\[(\d+)\]$/.exec(target)?.[1] ?? ''));
  return { residentMb: Math.round(Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1024), files: counted.length };
}

/** Inodes of TCP sockets with one of these ports at either end. One that the other end has closed is not established. */
async function establishedAt(ports: ReadonlySet<number>): Promise<Set<string>> {
  const table = (await Promise.all(['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'utf8')))).join('\n');
  const port = (address: string | undefined): number => Number.parseInt(address?.split(':')[1] ?? '', 16);
  const rows = table.split('\n').map((row) => row.trim().split(/\s+/));
  return new Set(rows.filter(([, local, remote, state]) => state === '01' && (ports.has(port(local)) || ports.has(port(remote)))).map((row) => row[9] ?? ''));
}
