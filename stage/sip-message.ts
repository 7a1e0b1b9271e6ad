/** SIP as seen on the wire: what benches and checks ask of a message, and no more. */
import type { Address, Packet } from './pcap.ts';

export interface SipMessage {
  readonly atUs: number;
  readonly from: Pick<Address, 'port'>;
  readonly to: Pick<Address, 'port'>;
  /** Of a request its method, of an answer that of its request. */
  readonly method: string;
  /** Of an answer only. */
  readonly status?: number;
  /** The user part of a request's address: the agent who is rung, the number that is dialled. */
  readonly user?: string;
  readonly callId: string;
  /** False for what begins a dialog: its To has no tag yet. */
  readonly inDialog: boolean;
  readonly text: string;
}

/** In their order; what is not SIP is left out, and of a message sent again only the first. */
export function sipMessagesIn(packets: Iterable<Packet>): SipMessage[] {
  const messages: SipMessage[] = [];
  const seen = new Set<string>();
  for (const packet of packets) {
    if (packet.protocol !== 'udp') continue;
    const message = sipMessage(packet.payload.toString('latin1'), packet);
    if (message === undefined) continue;
    const key = [message.from.port, message.to.port, message.callId, message.status ?? '', headerOf(message.text, 'CSeq'), headerOf(message.text, 'Via')].join(' ');
    if (seen.has(key)) continue;
    seen.add(key);
    messages.push(message);
  }
  return messages;
}

export function sipMessage(text: string, { atUs, from, to }: Pick<SipMessage, 'atUs' | 'from' | 'to'>): SipMessage | undefined {
  const request = /^([A-Z]+) sips?:(?:([^@;>\s]*)@)?\S* SIP\/2\.0\r?\n/.exec(text);
  const answer = request === null ? /^SIP\/2\.0 (\d{3}) /.exec(text) : null;
  const callId = headerOf(text, 'Call-ID');
  if ((request === null && answer === null) || callId === undefined) return undefined;
  const method = request?.[1] ?? headerOf(text, 'CSeq')?.split(/\s+/)[1] ?? '';
  return {
    atUs, from, to, method, callId, text,
    inDialog: /;tag=/.test(headerOf(text, 'To') ?? ''),
    ...(answer === null ? {} : { status: Number(answer[1]) }),
    ...(request?.[2] === undefined ? {} : { user: request[2] }),
  };
}

export function headerOf(text: string, name: string): string | undefined {
  return new RegExp(`^${name}:[ \\t]*(.*?)\\r?$`, 'mi').exec(text)?.[1];
}
