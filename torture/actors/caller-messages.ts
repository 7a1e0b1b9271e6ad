// What callers say, for scenarios of their own. The caller's number is the second field of the call's line.

import { message, sdp } from '../../stage/scenarios.ts';

export const provisional = `
  <recv response="100" optional="true" />
  <recv response="180" optional="true" />
  <recv response="183" optional="true" />`;

const from = '<sip:[field1]@[local_ip]:[local_port]>;tag=[pid]c[call_number]';
const to = '<sip:[service]@[remote_ip]:[remote_port]>';

/** Like the INVITE itself, with its branch: what cancels it or acknowledges its refusal must name it. */
export function request(method: string, cseq: string, toTag: string, body = ''): string {
  return message(`${method} sip:[service]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=z9hG4bK-[pid]-[call_number]-first
From: ${from}
To: ${to}${toTag}
Call-ID: [call_id]
CSeq: ${cseq}
Max-Forwards: 70
${body === '' ? 'Content-Length: 0\n' : body}`);
}

export const invite = `
  <send retrans="500">${request('INVITE', '1 INVITE', '', `Contact: <sip:caller@[local_ip]:[local_port]>
Content-Type: application/sdp
Content-Length: [len]

${sdp('[auto_media_port]')}`)}</send>`;

export function inDialog(method: string, cseq: string): string {
  return message(`${method} [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: ${from}
To: ${to}[peer_tag_param]
Call-ID: [call_id]
CSeq: ${cseq}
Max-Forwards: 70
Content-Length: 0
`);
}
