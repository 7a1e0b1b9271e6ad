/**
 * Callers and agents' phones at the end of a wire that loses and doubles, as SIPp scenarios. Each answer belongs to a
 * transaction, so that one that comes again is known; what may arrive in either order is taken in either order; and
 * whoever is through stays a while, for the other side may not have heard it.
 */
import { agentsBye, message, ok, scenario, sdp, speaks, takesCall, toInvite } from '../../stage/scenarios.ts';

/** Past the first two repetitions of whoever did not hear the end. */
const staysMs = 2_000;
const stays = `<timewait milliseconds="${staysMs}" />`;

/** Waits and talks until the other side hangs up, or leaves so long after the answer. */
export function caller(stayMs?: number, number = '137[call_number]0000'): string {
  const inDialog = (request: string, cseq: string): string => message(`${request} [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:${number}@[local_ip]:[local_port]>;tag=[pid]c[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>[peer_tag_param]
Call-ID: [call_id]
CSeq: ${cseq}
Max-Forwards: 70
Content-Length: 0
`);
  return scenario('caller on a lossy line', `
  <send retrans="500" start_txn="invite">${message(`INVITE sip:[service]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:${number}@[local_ip]:[local_port]>;tag=[pid]c[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>
Call-ID: [call_id]
CSeq: 1 INVITE
Contact: <sip:caller@[local_ip]:[local_port]>
Max-Forwards: 70
Content-Type: application/sdp
Content-Length: [len]

${sdp('[auto_media_port]')}`)}</send>
  <recv response="100" optional="true" response_txn="invite" />
  <recv response="180" optional="true" response_txn="invite" />
  <recv response="183" optional="true" response_txn="invite" />
  <recv response="200" rrs="true" response_txn="invite" />
  <send ack_txn="invite">${inDialog('ACK', '1 ACK')}</send>
  <recv request="BYE" next="byed" ${stayMs === undefined ? '' : `timeout="${stayMs}" ontimeout="leaves"`} />
  <label id="leaves" />
  <send retrans="500" start_txn="bye">${inDialog('BYE', '2 BYE')}</send>
  <recv request="BYE" optional="true" next="byed" />
  <recv response="481" optional="true" response_txn="bye" next="over" />
  <recv response="200" response_txn="bye" next="over" />
  <label id="byed" />
  <send>${ok}</send>
  <label id="over" />
  ${stays}`);
}

/** Rings so long, answers, speaks, and hangs up so long after that; a caller may do so before, also while it rings. */
export const phone = ({ ringMs, talkMs }: { readonly ringMs: number; readonly talkMs: number }) => (voice: string): string => {
  const answer = toInvite('200 OK', sdp('[rtpstream_audio_port]'));
  return scenario('phone on a lossy line', `${takesCall}
  <send>${toInvite('180 Ringing')}</send>
  <recv request="CANCEL" timeout="${ringMs}" ontimeout="answers" next="cancelled" />
  <label id="answers" />
  <send retrans="500">${answer}</send>
  <recv request="CANCEL" optional="true" next="too-late" />
  <recv request="BYE" optional="true" next="byed" />
  <recv request="ACK" />${speaks(voice)}
  <recv request="BYE" timeout="${talkMs}" ontimeout="leaves" next="byed" />
  <label id="leaves" />${isSilent}
  <send retrans="500" start_txn="bye">${agentsBye}</send>
  <recv request="BYE" optional="true" next="byed" />
  <recv response="481" optional="true" response_txn="bye" next="over" />
  <recv response="200" response_txn="bye" next="over" />
  <label id="too-late" />
  <send>${ok}</send>
  <send retrans="500">${answer}</send>
  <recv request="ACK" optional="true" />
  <recv request="BYE" />
  <label id="byed" />${isSilent}
  <send next="over">${ok}</send>
  <label id="cancelled" />
  <send>${ok}</send>
  <send retrans="500">${toInvite('487 Request Terminated')}</send>
  <recv request="ACK" next="over" />
  <label id="asked" />
  <send>${ok}</send>
  <label id="over" />
  ${stays}
  <Reference variables="remote,local,via,cseq" />`);
};

/** Whoever is given the ports next must not hear it. */
const isSilent = `
  <nop><action><exec rtp_stream="pause" /></action></nop>`;
