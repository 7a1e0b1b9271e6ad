/**
 * What passed between Asterisk, its callers and its phones during a round: from a capture of loopback, or, where this
 * process may not capture, from the logs of SIPp, whose own delay is then part of the figures.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Runtime } from '../runtime/centre.ts';
import { startCapture } from '../stage/capture.ts';
import { sipMessage, sipMessagesIn, type SipMessage } from '../stage/sip-message.ts';
import { mayCapture } from './own-network.ts';

export interface SipLog {
  readonly source: 'tcpdump' | 'sipp';
  /** What SIPp must be told for it, with the folder where it runs. */
  argsIn(folder: string): readonly string[];
  /** Begins a round; the answer ends it. The ports are those of the SIPps that take part, by their folders. */
  begin(name: string): Promise<(sipps: ReadonlyMap<string, number>) => Promise<SipMessage[]>>;
}

export async function openSipLog({ programs, sipPort }: Pick<Runtime, 'programs' | 'sipPort'>, folder: string): Promise<SipLog> {
  if (await mayCapture()) {
    return {
      source: 'tcpdump',
      argsIn: () => [],
      begin: async (name) => {
        const capture = await startCapture({ programs, file: join(folder, `${name}.pcap`), filter: `udp port ${sipPort}` });
        return async () => sipMessagesIn(await capture.stop());
      },
    };
  }
  const logIn = (sippFolder: string): string => join(sippFolder, 'short-messages.log');
  return {
    source: 'sipp',
    argsIn: (sippFolder) => ['-trace_shortmsg', '-shortmessage_file', logIn(sippFolder), '-shortmessage_overwrite', 'false'],
    begin: async () => {
      const fromUs = Date.now() * 1_000;
      return async (sipps) => {
        const logs = await Promise.all([...sipps].map(async ([sippFolder, port]) => shortMessagesIn(await readFile(logIn(sippFolder), 'latin1'), port, sipPort)));
        return logs.flat().filter(({ atUs }) => atUs >= fromUs).sort((a, b) => a.atUs - b.atUs);
      };
    },
  };
}

/** A line is: date, time, epoch seconds, S or R, Call-ID, CSeq, first line of the message; between tabs. */
export function shortMessagesIn(log: string, sippPort: number, asteriskPort: number): SipMessage[] {
  const begun = new Set<string>();
  return log.split('\n').flatMap((line) => {
    const [, , seconds, way, callId = '', cseq = '', first = ''] = line.split('\t').map((part) => part.trim());
    const ends = way === 'S' ? { from: { port: sippPort }, to: { port: asteriskPort } } : { from: { port: asteriskPort }, to: { port: sippPort } };
    const text = `${first}\r\nCall-ID: ${callId}\r\n${cseq}\r\n\r\n`;
    const message = sipMessage(text, { atUs: Math.round(Number(seconds) * 1e6), ...ends });
    if (message === undefined) return [];
    // A log of first lines shows no tags: what comes first of a call begins it.
    const inDialog = begun.has(callId);
    begun.add(callId);
    return [{ ...message, inDialog }];
  });
}
