/** What waiting callers hear, from the wire: music is a packet every 20 ms, whatever becomes of the service. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startCapture } from '../stage/capture.ts';
import type { Packet } from '../stage/pcap.ts';
import type { Stage } from '../stage/stage.ts';
import { lessStandstills, startIdleClock, type Standstill } from './idle-clock.ts';

export interface Music {
  /** The longest silence that anybody heard who was hearing something when it began and still when it ended, less what of it the machine stood still. */
  stop(): Promise<{ readonly streams: number; readonly longestSilenceMs: number }>;
}

/** A stream is somebody's who was there all the time; who came or was served in between is no matter here. */
const edgeMs = 200;
const headerBytes = 12;
const sourceAt = 8;

export async function listenToMusic(stage: Stage): Promise<Music> {
  const { programs, stateDir } = stage.runtime;
  const conf = await readFile(join(stateDir, 'asterisk/etc/rtp.conf'), 'utf8');
  const port = (name: string): number => Number(new RegExp(`^${name} *= *(\\d+)`, 'm').exec(conf)?.[1]);
  const capture = await startCapture({ programs, file: join(await stage.folder('music'), 'rtp.pcap'), filter: `udp and src portrange ${port('rtpstart')}-${port('rtpend')}`, packetBytes: 96 });
  const clock = startIdleClock();
  return {
    stop: async () => {
      const [packets, standstills] = await Promise.all([capture.stop(), clock.stop()]);
      return silences(packets.filter(({ payload }) => payload.length >= headerBytes), standstills);
    },
  };
}

export function silences(packets: readonly Packet[], standstills: readonly Standstill[]): { streams: number; longestSilenceMs: number } {
  const [first, last] = [packets[0]?.atUs ?? 0, packets.at(-1)?.atUs ?? 0];
  // Phones of one SIPp may share a port; each of their streams has a source of its own.
  const streams = [...Map.groupBy(packets, ({ to, payload }) => `${to.port} ${payload.readUInt32BE(sourceAt)}`).values()]
    .filter((stream) => (stream[0]?.atUs ?? last) - first < edgeMs * 1_000 && last - (stream.at(-1)?.atUs ?? first) < edgeMs * 1_000);
  const gapsUs = streams.flatMap((stream) => stream.map(({ atUs }, index) => lessStandstills(stream[index - 1]?.atUs ?? atUs, atUs, standstills)));
  return { streams: streams.length, longestSilenceMs: gapsUs.reduce((most, gap) => Math.max(most, gap), 0) / 1_000 };
}
