/**
 * The right to capture packets. Root has it; anybody else gets it in a network of his own, where the kernel lets a
 * user have one: the whole command runs there again, with a loopback that nobody else is on.
 */
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import process, { execPath, stderr } from 'node:process';
import { readEnvironment, type Lang } from '../runtime/environment.ts';
import { findPrograms, tool } from '../runtime/program.ts';
import { progressOn, type Text } from '../runtime/progress.ts';
import { ensureSounds } from '../runtime/sounds.ts';

/** CAP_NET_RAW. */
const rawBit = 13n;

export async function mayCapture(): Promise<boolean> {
  const status = await readFile('/proc/self/status', 'utf8');
  const effective = BigInt(`0x${/^CapEff:\s+([0-9a-f]+)/m.exec(status)?.[1] ?? '0'}`);
  return ((effective >> rawBit) & 1n) === 1n && (await tool(await findPrograms(readEnvironment(), progressOn(stderr, 'en')), 'tcpdump', [])) !== undefined;
}

/** The exit code of the command run in a network of its own; undefined where it is to go on in this process. */
export async function inOwnNetwork(lang: Lang, args: readonly string[]): Promise<number | undefined> {
  const environment = readEnvironment();
  if (await mayCapture()) return undefined;
  const say = (text: Text): void => void stderr.write(`${text[lang]}\n`);
  const elsewhere = environment.databaseUrl ?? environment.redisUrl;
  // What is downloaded must be here before the way out is closed.
  const programs = await findPrograms(environment, progressOn(stderr, lang));
  await ensureSounds(environment.cacheDir, programs, progressOn(stderr, lang));
  const ip = await tool(programs, 'ip', ['link', 'set', 'lo', 'up']);
  const unshare = ['unshare', '--user', '--map-current-user', '--keep-caps', '--net', '--'] as const;
  if (elsewhere === undefined && ip !== undefined && (await ends([...unshare, ip.command, ...ip.args], 'ignore')) === 0) {
    say({ en: 'Running in a network of its own, where this user may capture packets.', zh: '在独立网络中运行：当前用户在其中可以抓包。' });
    // The shell brings loopback up and then becomes the command.
    const script = `${[ip.command, ...ip.args].map((part) => `'${part.replaceAll("'", "'\\''")}'`).join(' ')} && exec "$@"`;
    return ends([...unshare, '/bin/sh', '-c', script, 'sh', execPath, ...args], 'inherit');
  }
  say({
    en: 'This user may not capture packets here, not even in a network of its own: the figures come from the logs of SIPp, whose own delay is part of them. Run it as root for figures from the wire.',
    zh: '当前用户无权抓包，也不能创建独立网络：数据取自 SIPp 自身的日志，其中包含 SIPp 的延迟。以 root 运行可得到线上实测数据。',
  });
  return undefined;
}

function ends([command, ...args]: readonly [string, ...string[]], stdio: 'inherit' | 'ignore'): Promise<number> {
  const child = spawn(command, args, { stdio });
  // Ctrl-C is the child's too; it stops what it started, and then we end.
  const wait = (): void => undefined;
  const pass = (): void => void child.kill('SIGTERM');
  process.on('SIGINT', wait).on('SIGTERM', pass);
  return new Promise<number>((resolve) => child.once('error', () => resolve(127)).once('exit', (code) => resolve(code ?? 1)))
    .finally(() => void process.off('SIGINT', wait).off('SIGTERM', pass));
}
