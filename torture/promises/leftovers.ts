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
  readonly files: readonly string[];
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
      ...(is.files.length > was.files.length + spareFiles[name] ? [`${name}: ${is.files.length} file descriptors, ${was.files.length} before; now ${grownFiles(was.files, is.files)}`] : []),
    ];
  };
  return [...grown('service'), ...grown('asterisk'), ...(after.bridges > before.bridges ? [`${after.bridges} bridges, ${before.bridges} before`] : [])];
}

/** "4 udp" more and the like: what to look for. */
function grownFiles(was: readonly string[], is: readonly string[]): string {
  const kinds = [...new Set(is)];
  const of = (files: readonly string[], kind: string): number => files.filter((file) => file === kind).length;
  return kinds.flatMap((kind) => (of(is, kind) > of(was, kind) ? [`${of(is, kind) - of(was, kind)} more ${kind}`] : [])).join(', ');
}

const portOf = (url: string): number => Number(new URL(url).port || 5432);

async function processOf(pid: number, ports: ReadonlySet<number>): Promise<Process> {
  const [status, names, sockets] = await Promise.all([readFile(`/proc/${pid}/status`, 'utf8'), readdir(`/proc/${pid}/fd`), socketsExcept(ports)]);
  // One that was closed between the listing and here is not open.
  const open = await Promise.all(names.map((name) => readlink(`/proc/${pid}/fd/${name}`).catch(() => undefined)));
  const files = open.flatMap((target) => {
    const inode = /^socket:\[(\d+)\]$/.exec(target ?? '')?.[1];
    if (inode === undefined) return target === undefined ? [] : [target.replace(/\d+/g, 'N')];
    return sockets.others.has(inode) ? [] : [sockets.kinds.get(inode) ?? 'socket'];
  });
  return { residentMb: Math.round(Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1024), files };
}

interface Sockets {
  /** By inode. */
  readonly kinds: ReadonlyMap<string, string>;
  /** Established TCP with one of the ports at either end. One that the other end has closed is not established. */
  readonly others: ReadonlySet<string>;
}

async function socketsExcept(ports: ReadonlySet<number>): Promise<Sockets> {
  const port = (address: string | undefined): number => Number.parseInt(address?.split(':')[1] ?? '', 16);
  const tables = await Promise.all((['tcp', 'tcp6', 'udp', 'udp6'] as const).map(async (kind) => ({ kind, text: await readFile(`/proc/net/${kind}`, 'utf8') })));
  const rows = tables.flatMap(({ kind, text }) => text.split('\n').slice(1).map((line) => ({ kind, row: line.trim().split(/\s+/) })));
  return {
    kinds: new Map(rows.map(({ kind, row }) => [row[9] ?? '', `${kind} in state ${row[3] ?? ''}`])),
    others: new Set(rows.filter(({ kind, row: [, local, remote, state] }) => kind.startsWith('tcp') && state === '01' && (ports.has(port(local)) || ports.has(port(remote)))).map(({ row }) => row[9] ?? '')),
  };
}
