// SIPp scenarios, written from what a caller or an agent's phone is to do. Times are in milliseconds.

export interface CallerScript {
  /** Gives up when nobody answered so long after the INVITE. */
  readonly patienceMs?: number;
  /** Hangs up so long after the answer; without it the caller stays until the other side hangs up. */
  readonly stayMs?: number;
  /** Presses this key, told by SIP INFO, so long after the answer. */
  readonly presses?: { readonly key: string; readonly afterMs: number };
  /** `listed`: calls only after `[field0]` milliseconds of the injection file (`-inf`). */
  readonly begins?: 'listed';
}

export interface AgentScript {
  readonly ringMs: number;
  /**
   * The agent hangs up so long after the ACK; without it the caller has to. `callers-number`: as many milliseconds as
   * the caller's number says (`talkingNumber`), and a caller who hangs up first ends the scenario as aborted.
   */
  readonly talkMs?: number | 'callers-number';
  /** A file of A-law bytes that the phone says over and over while it talks; without it the phone sends no packet. */
  readonly voice?: string;
}

export const sdp = (media: string): string => `v=0
o=stage 1 1 IN IP[local_ip_type] [local_ip]
s=-
c=IN IP[media_ip_type] [media_ip]
t=0 0
m=audio ${media} RTP/AVP 8 101
a=rtpmap:8 PCMA/8000
a=rtpmap:101 telephone-event/8000
`;

/**
 * An outside caller. `number` is the caller's own; the call's count in it makes every call another caller, and with
 * an injection file (`-inf`) it may be `[field0]`.
 */
export function callerScenario({ patienceMs, stayMs, presses, begins }: CallerScript, number = '138[call_number]0000'): string {
  const inDialog = (request: string, cseq: string, body = 'Content-Length: 0\n'): string => message(`${request} [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
[last_From:]
[last_To:]
Call-ID: [call_id]
CSeq: ${cseq}
Max-Forwards: 70
${body}`);
  const pressing = ({ key, afterMs }: NonNullable<CallerScript['presses']>): string => `
  <recv request="BYE" next="byed" timeout="${afterMs}" ontimeout="presses" />
  <label id="presses" />
  <send retrans="500">${inDialog('INFO', '2 INFO', `Content-Type: application/dtmf-relay\nContent-Length: [len]\n\nSignal=${key}\nDuration=160\n`)}</send>
  <recv request="BYE" optional="true" next="crossed" />
  <recv response="200" />`;
  const wait = `
  <nop><action><assignstr assign_to="listed" value="[field0]" /><todouble assign_to="wait" variable="listed" /></action></nop>
  <pause variable="wait" />`;
  return scenario('caller', `${begins === 'listed' ? wait : ''}
  <send retrans="500">${message(`INVITE sip:[service]@[remote_ip]:[remote_port] SIP/2.0
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
  <recv response="100" optional="true" />
  <recv response="180" optional="true" />
  <recv response="183" optional="true" />
  <recv response="200" rrs="true" rtd="true" ${patienceMs === undefined ? '' : `timeout="${patienceMs}" ontimeout="gives-up"`} />
  <send>${inDialog('ACK', '1 ACK')}</send>${presses === undefined ? '' : pressing(presses)}
  <recv request="BYE" next="byed" ${stayMs === undefined ? '' : `timeout="${stayMs}" ontimeout="leaves"`} />
  <label id="leaves" />
  <send retrans="500">${inDialog('BYE', '3 BYE')}</send>${goodbye()}
  <label id="gives-up" />
  <send retrans="500">${message(`CANCEL sip:[service]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch-11]
From: <sip:${number}@[local_ip]:[local_port]>;tag=[pid]c[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>
Call-ID: [call_id]
CSeq: 1 CANCEL
Max-Forwards: 70
Content-Length: 0
`)}</send>
  <recv response="200" />
  <recv response="487" />
  <send next="over">${inDialog('ACK', '1 ACK')}</send>
  <label id="over" />`);
}

/** A registered phone's side of every call that comes to this port; the agent is who the INVITE is for. */
export function agentScenario({ ringMs, talkMs, voice }: AgentScript): string {
  const talk = `
  <nop><action>
    <ereg regexp="sip:1([0-9]{6})[0-9]*@" search_in="var" variable="remote" check_it="true" assign_to="number,said" />
    <todouble assign_to="pause" variable="said" />
  </action></nop>
  <pause variable="pause" />`;
  return scenario('agent', `${takesCall}
  <send>${toInvite('180 Ringing')}</send>
  <recv request="CANCEL" timeout="${ringMs}" ontimeout="answers" next="cancelled" />
  <label id="answers" />
  <send retrans="500">${toInvite('200 OK', sdp(voice === undefined ? '[media_port]' : '[rtpstream_audio_port]'))}</send>
  <recv request="ACK" />${voice === undefined ? '' : speaks(voice)}
  ${talkMs === 'callers-number' ? talk : `<recv request="BYE" next="byed" ${talkMs === undefined ? '' : `timeout="${talkMs}" ontimeout="leaves"`} />`}
  <label id="leaves" />
  <send retrans="500">${agentsBye}</send>${goodbye()}
  <label id="cancelled" />
  <send>${ok}</send>
  <send retrans="500">${toInvite('487 Request Terminated')}</send>
  <recv request="ACK" next="over" />
  <label id="asked" />
  <send>${ok}</send>
  <label id="over" />
  <Reference variables="remote,local,via,cseq${talkMs === 'callers-number' ? ',number' : ''}" />`);
}

/** OPTIONS lead to `asked`; of an INVITE is kept what the answers need that come after other requests. */
export const takesCall = `
  <recv request="OPTIONS" optional="true" next="asked" />
  <recv request="INVITE" rrs="true">
    <action>
      <ereg regexp=".*" search_in="hdr" header="From:" assign_to="remote" />
      <ereg regexp=".*" search_in="hdr" header="To:" assign_to="local" />
      <ereg regexp=".*" search_in="hdr" header="Via:" assign_to="via" />
      <ereg regexp=".*" search_in="hdr" header="CSeq:" assign_to="cseq" />
    </action>
  </recv>`;

/** After a BYE that may cross the other side's, and is then answered as one of a call that is no more; `byed` is for one who was quicker. */
const goodbye = (): string => `
  <recv request="BYE" optional="true" next="crossed" />
  <recv response="481" optional="true" next="over" />
  <recv response="200" next="over" />
  <label id="crossed" />
  <send>${ok}</send>
  <recv response="481" optional="true" next="over" />
  <recv response="200" next="over" />
  <label id="byed" />
  <send next="over">${ok}</send>`;

/** Over and over, from the moment in which the other side's SDP is known. */
export const speaks = (voice: string): string => `
  <nop><action><exec rtp_stream="${voice},-1,8,PCMA/8000" /></action></nop>`;

/** A caller's number that tells an agent's phone how long to talk; at most a quarter of an hour. */
export const talkingNumber = (talkMs: number, call: number): string => `1${String(Math.round(talkMs)).padStart(6, '0')}${String(call % 10_000).padStart(4, '0')}`;

/** `[field0]` registers at this port, with `[field1]` as its digest answer. */
export function registerScenario(): string {
  const register = (cseq: number, more: string): string => message(`REGISTER sip:[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:[field0]@[remote_ip]>;tag=[pid]r[call_number]
To: <sip:[field0]@[remote_ip]>
Call-ID: [call_id]
CSeq: ${cseq} REGISTER
Contact: <sip:[field0]@[local_ip]:[local_port]>
${more}Expires: 3600
Max-Forwards: 70
Content-Length: 0
`);
  return scenario('registers', `
  <send retrans="500">${register(1, '')}</send>
  <recv response="401" auth="true" />
  <send retrans="500">${register(2, '[field1]\n')}</send>
  <recv response="200" />`);
}

export const toInvite = (status: string, body = ''): string => message(`SIP/2.0 ${status}
Via:[$via]
From:[$remote]
To:[$local];tag=[pid]a[call_number]
Call-ID: [call_id]
CSeq:[$cseq]
Contact: <sip:[local_ip]:[local_port]>
${body === '' ? 'Content-Length: 0\n' : `Content-Type: application/sdp\nContent-Length: [len]\n\n${body}`}`);

/** From the phone, in a dialog whose INVITE was kept as for `toInvite`. */
export const agentsBye = message(`BYE [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From:[$local];tag=[pid]a[call_number]
To:[$remote]
Call-ID: [call_id]
CSeq: 1 BYE
Max-Forwards: 70
Content-Length: 0
`);

export function message(text: string): string {
  return `\n<![CDATA[\n${text}\n]]>\n`;
}

/** An answer to the request that came last. */
export const ok = message(`SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Contact: <sip:[local_ip]:[local_port]>
Content-Length: 0
`);

export function scenario(name: string, body: string): string {
  return `<?xml version="1.0" encoding="UTF-8" ?>\n<scenario name="${name}">${body}\n</scenario>\n`;
}
