/** What those who were let in had of a flood: the same figures before it and during it, by the wire. */
import { figuresOf } from '../bench/gap-figures.ts';
import { promptDelaysMs } from '../bench/prompt-packets.ts';
import type { Packet } from '../stage/pcap.ts';
import type { SipMessage } from '../stage/sip-message.ts';

export interface Observed {
  readonly messages: readonly SipMessage[];
  /** Voice; none where this user may not capture. */
  readonly packets: readonly Packet[];
  readonly asteriskPort: number;
  readonly phonesPort: number;
  /** Where the flood comes from. */
  readonly floodPort: number;
  readonly agents: number;
  /** What the calls dialled that wait for an agent, and those that hear a prompt, which is this one as A-law. */
  readonly line: string;
  readonly announcement: string;
  readonly audio: Buffer;
}

export interface Phase {
  /** An agent hangs up with a caller in line → the next INVITE to that agent. */
  readonly gapsMs: readonly number[];
  /** 200 OK → the first packet of the prompt. */
  readonly promptsMs: readonly number[];
  /** Who called for the prompt and was answered. */
  readonly listeners: number;
}

/** Of the flood's first and last INVITE. */
export function spanOf({ messages, floodPort }: Pick<Observed, 'messages' | 'floodPort'>): { readonly fromUs: number; readonly toUs: number } {
  const invites = messages.filter(({ method, status, from, inDialog }) => method === 'INVITE' && status === undefined && !inDialog && from.port === floodPort);
  return { fromUs: invites[0]?.atUs ?? Number.NaN, toUs: invites.at(-1)?.atUs ?? Number.NaN };
}

export function phasesOf(observed: Observed): { readonly before: Phase; readonly during: Phase } {
  const { fromUs, toUs } = spanOf(observed);
  return { before: phase(observed, 0, fromUs), during: phase(observed, fromUs, toUs) };
}

function phase({ messages, packets, asteriskPort, phonesPort, agents, line, announcement, audio }: Observed, fromUs: number, toUs: number): Phase {
  const begunBy = (dialled: string, within: (atUs: number) => boolean): ReadonlySet<string> =>
    new Set(messages.filter(({ method, status, user, to, atUs }) => method === 'INVITE' && status === undefined && user === dialled && to.port === asteriskPort && within(atUs)).map(({ callId }) => callId));
  const inPhase = (atUs: number): boolean => atUs >= fromUs && atUs < toUs;
  const ofLine = begunBy(line, () => true);
  const ofAgents = messages.filter(({ callId, from, to }) => ofLine.has(callId) || from.port === phonesPort || to.port === phonesPort);
  const { gapsMs, gapsAtUs } = figuresOf({ messages: ofAgents, asteriskPort, phonesPort, agents, endUs: messages.at(-1)?.atUs ?? 0 });
  const listeners = begunBy(announcement, inPhase);
  return {
    gapsMs: gapsMs.filter((_, index) => inPhase(gapsAtUs[index] ?? 0)),
    promptsMs: promptDelaysMs({ messages: messages.filter(({ callId }) => listeners.has(callId)), packets, asteriskPort, audio }),
    listeners: messages.filter(({ method, status, callId, from }) => method === 'INVITE' && status === 200 && from.port === asteriskPort && listeners.has(callId)).length,
  };
}
