/** Callers of an overload: how they come, and what each of them heard, by the wire. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openSipLog } from '../bench/sip-log.ts';
import type { SippRun } from '../runtime/sipp.ts';
import type { SipMessage } from '../stage/sip-message.ts';
import { straight } from '../stage/centre-files.ts';
import type { Stage } from '../stage/stage.ts';
import { takesWhatItGets } from './actors/flooding-callers.ts';

/** A narrow door, so that a flood is small enough for two cores. */
export const door = { agents: 20, callsPerSecond: 20, callsOfOneNumber: 10 } as const;

export interface Stream {
  readonly calls: number;
  readonly callsPerSecond: number;
  /** Where they come from; without it, where all others do. */
  readonly host?: string;
  /** All of them from this number; without it each from another. */
  readonly number?: string;
  /** What they dial; without it straight into the line. */
  readonly dials?: string;
}

export interface Heard {
  /** Since the capture's first INVITE. */
  readonly atMs: number;
  readonly callId: string;
  readonly from: string;
  readonly letIn: boolean;
  /** From the INVITE to the answer, whichever it was. */
  readonly afterMs: number;
}

export interface Flood {
  start(stream: Stream): Promise<SippRun>;
  /** Waits for the end of all streams; throws when a call came to no good end. */
  over(): Promise<{ readonly heard: readonly Heard[]; readonly messages: readonly SipMessage[] }>;
  placed(): number;
}

export async function openFlood(stage: Stage): Promise<Flood> {
  const folder = await stage.folder('flood');
  const log = await openSipLog(stage.runtime, folder);
  const end = await log.begin('flood');
  const scenario = join(folder, 'caller.xml');
  await writeFile(scenario, takesWhatItGets());
  const streams: { readonly run: SippRun; readonly calls: number; readonly folder: string }[] = [];
  return {
    placed: () => streams.reduce((sum, { calls }) => sum + calls, 0),
    start: async ({ calls, callsPerSecond, host, number, dials = straight.low }) => {
      const own = await stage.folder('stream');
      const numbers = join(own, 'numbers.csv');
      await writeFile(numbers, ['SEQUENTIAL', ...Array.from({ length: calls }, (_, call) => `;${number ?? `13${streams.length}${String(call).padStart(8, '0')}`};`), ''].join('\n'));
      const run = await stage.sipp({
        scenario, calls, callsPerSecond, concurrent: calls, limitSeconds: 150, ...(host === undefined ? {} : { host }),
        number: dials, args: ['-inf', numbers, ...log.argsIn(own)],
      });
      streams.push({ run, calls, folder: own });
      return run;
    },
    over: async () => {
      const outcomes = await Promise.all(streams.map(async ({ run, calls }) => ({ ...(await run.outcome), calls })));
      const messages = await end(new Map(streams.map(({ run, folder: own }) => [own, run.sipPort])));
      const bad = outcomes.filter(({ successful, calls }) => successful !== calls);
      if (bad.length > 0) throw new Error(bad.map(({ successful, calls, errors }) => `${successful} of ${calls} calls came to a good end: ${errors.slice(0, 400)}`).join('\n'));
      return { messages, heard: heardIn(messages, new Set(streams.map(({ run }) => run.sipPort))) };
    },
  };
}

function heardIn(messages: readonly SipMessage[], callersPorts: ReadonlySet<number>): Heard[] {
  const invites = new Map<string, SipMessage>();
  const first = messages.find(({ from, method }) => method === 'INVITE' && callersPorts.has(from.port))?.atUs ?? 0;
  return messages.flatMap((message) => {
    const { method, status, callId, from, atUs } = message;
    if (method !== 'INVITE') return [];
    if (status === undefined && callersPorts.has(from.port)) invites.set(callId, message);
    const invite = invites.get(callId);
    if (status === undefined || status < 200 || invite === undefined) return [];
    invites.delete(callId);
    return [{ atMs: (invite.atUs - first) / 1_000, callId, from: /sip:([^@]*)@/.exec(/^From:.*$/im.exec(invite.text)?.[0] ?? '')?.[1] ?? '', letIn: status < 300, afterMs: (atUs - invite.atUs) / 1_000 }];
  });
}
