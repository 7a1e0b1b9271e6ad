/** What passes on loopback, written down by tcpdump with the kernel's times, so that nobody measures himself. */
import { createSocket } from 'node:dgram';
import { randomUUID } from 'node:crypto';
import { open, readFile, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { loopback } from '../runtime/ports.ts';
import { startProcess } from '../runtime/process.ts';
import { tool, type Programs } from '../runtime/program.ts';
import { until } from '../runtime/until.ts';
import { packetsIn, type Packet } from './pcap.ts';

export interface CaptureOptions {
  readonly programs: Programs;
  readonly file: string;
  /** As tcpdump takes it, `udp port 5060`. */
  readonly filter: string;
  /** Bytes kept of each packet; all of it without this. */
  readonly packetBytes?: number;
}

export interface Capture {
  readonly file: string;
  /** Ends it and reads what it holds. Rejects when the kernel dropped packets: half a truth is none. */
  stop(): Promise<Packet[]>;
}

/** Enough for a second of a crowd with music; tcpdump empties it all the time. */
const bufferKb = 65_536;
const fileBytesMax = 1_500_000_000;
/** Discard: nobody listens there, and the end of a capture is said to it. */
const endPort = 9;

export async function startCapture({ programs, file, filter, packetBytes = 262_144 }: CaptureOptions): Promise<Capture> {
  const command = await tool(programs, 'tcpdump', [
    '-i', 'lo', '-n', '-U', '-w', file, '-s', String(packetBytes), '-B', String(bufferKb),
    // As root it would otherwise become a user of its own, who may not write here.
    '-Z', 'root', `(${filter}) or (udp and dst port ${endPort})`,
  ]);
  if (command === undefined) throw new Error('tcpdump is not on PATH');
  const logFile = `${file}.log`;
  await rm(logFile, { force: true });
  const said = (): Promise<string> => readFile(logFile, 'utf8').catch(() => '');
  const tcpdump = await startProcess({
    name: 'tcpdump', ...command, logFile, cwd: dirname(file), stopSignal: 'SIGINT',
    ready: async () => (await said()).includes('listening on lo'),
  });
  return {
    file,
    stop: async () => {
      // What the kernel holds for tcpdump would be lost with it: a packet of ours comes after all that is of interest.
      const end = randomUUID();
      // Music goes on meanwhile, so it may be a long way from the file's end when we look.
      const { size: from } = await stat(file);
      await send(end);
      await until(async () => (await holds(file, end, from)) || undefined, { limitMs: 20_000, what: 'tcpdump wrote its last packet' });
      await tcpdump.stop();
      const dropped = Number(/^(\d+) packets? dropped by kernel/m.exec(await said())?.[1] ?? 0);
      if (dropped > 0) throw new Error(`the kernel dropped ${dropped} packets of the capture: its figures would not be true`);
      if ((await stat(file)).size > fileBytesMax) throw new Error(`the capture ${file} is larger than ${fileBytesMax} bytes`);
      return [...packetsIn(await readFile(file))].filter(({ to }) => to.port !== endPort);
    },
  };
}

async function send(text: string): Promise<void> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve, reject) => socket.send(text, endPort, loopback, (error) => (error === null ? resolve() : reject(error))));
  socket.close();
}

async function holds(path: string, text: string, from: number): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const tail = Buffer.alloc(Math.max(0, size - from));
    await file.read(tail, 0, tail.length, from);
    return tail.includes(text);
  } finally {
    await file.close();
  }
}
