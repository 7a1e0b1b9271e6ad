/** Finds in a capture when each caller was answered and when the prompt itself began to reach him. */
import type { Packet } from '../stage/pcap.ts';
import type { SipMessage } from '../stage/sip-message.ts';

export interface Heard {
  readonly messages: readonly SipMessage[];
  readonly packets: readonly Packet[];
  readonly asteriskPort: number;
  /** The prompt as A-law, 8,000 bytes a second. */
  readonly audio: Buffer;
}

const rtpHeaderBytes = 12;

/** Of each caller who was answered and heard it: 200 OK → first packet of the prompt. */
export function promptDelaysMs({ messages, packets, asteriskPort, audio }: Heard): number[] {
  const voice = Map.groupBy(packets.filter((packet) => isVoice(packet)), ({ to }) => to.port);
  const mediaPortOf = new Map<string, number>();
  const delays: number[] = [];
  for (const { from, to, method, status, callId, text, atUs } of messages) {
    if (method !== 'INVITE') continue;
    if (status === undefined && to.port === asteriskPort) mediaPortOf.set(callId, Number(/^m=audio (\d+) /m.exec(text)?.[1]));
    if (status !== 200 || from.port !== asteriskPort) continue;
    const startUs = beginOf((voice.get(mediaPortOf.get(callId) ?? 0) ?? []).filter((packet) => packet.atUs >= atUs), audio);
    if (startUs !== undefined) delays.push((startUs - atUs) / 1_000);
  }
  return delays;
}

/**
 * A prompt may begin with a moment of silence, which is no proof of anything by itself. So the first packet with a
 * sound in it that stands in the prompt is looked for, and from there back to the packet the prompt began with.
 */
function beginOf(stream: readonly Packet[], audio: Buffer): number | undefined {
  for (const [index, packet] of stream.entries()) {
    const payload = packet.payload.subarray(rtpHeaderBytes);
    const place = isSilent(payload) ? -1 : audio.indexOf(payload);
    if (place < 0) continue;
    let begin = index;
    for (let at = place; begin > 0; begin -= 1) {
      const before = stream[begin - 1]?.payload.subarray(rtpHeaderBytes) ?? Buffer.alloc(0);
      at -= before.length;
      if (at < 0 || !audio.subarray(at, at + before.length).equals(before)) break;
    }
    return stream[begin]?.atUs;
  }
  return undefined;
}

/** RTP, version 2, A-law. */
const isVoice = ({ protocol, payload }: Packet): boolean => protocol === 'udp' && payload.length > rtpHeaderBytes && payload[0] === 0x80 && ((payload[1] ?? 0) & 0x7f) === 8;

/** The smallest steps around zero; a sound has larger ones. */
const isSilent = (payload: Buffer): boolean => payload.every((byte) => ((byte ^ 0x55) & 0x7f) < 4);
