// Agents' phones that do with a call what no phone should, as SIPp scenarios for a farm.

import { agentsBye, ok, scenario, sdp, takesCall, toInvite } from '../../stage/scenarios.ts';

export const oddPhones = {
  busy: () => refuses('486 Busy Here'),
  declines: () => refuses('603 Decline'),
  'not-found': () => refuses('404 Not Found'),
  /** Answers OPTIONS, so that it looks well, and no INVITE. */
  silent: () => phone(`
  <recv request="CANCEL" timeout="40000" ontimeout="over" />
  <send next="over">${ok}</send>`),
  'rings-for-ever': () => phone(`
  <send>${toInvite('180 Ringing')}</send>
  <recv request="CANCEL" />
  <send>${ok}</send>
  <send retrans="500">${toInvite('487 Request Terminated')}</send>
  <recv request="ACK" next="over" />`),
  /** Answers and never hears that it was heard: it says so again and again, and later takes no goodbye either. */
  'hears-no-ack': () => phone(`
  <send>${toInvite('180 Ringing')}</send>
  ${Array.from({ length: 4 }, () => `
  <send>${toInvite('200 OK', sdp('[media_port]'))}</send>
  <recv request="ACK" />
  <pause milliseconds="500" />`).join('')}
  <recv request="BYE" timeout="40000" ontimeout="over" next="over" />`),
  /** The CANCEL meets the answer on its way. */
  'answers-too-late': () => phone(`
  <send>${toInvite('180 Ringing')}</send>
  <recv request="CANCEL" />
  <send>${ok}</send>
  <send retrans="500">${toInvite('200 OK', sdp('[media_port]'))}</send>
  <recv request="ACK" />
  <recv request="BYE" />
  <send next="over">${ok}</send>`),
  /** Says goodbye with its answer still on the way: the ACK and the BYE cross. */
  'leaves-before-the-ack': () => phone(`
  <send>${toInvite('180 Ringing')}</send>
  <send>${toInvite('200 OK', sdp('[media_port]'))}</send>
  <send retrans="500">${agentsBye}</send>
  <recv request="ACK" optional="true" />
  <recv response="200" next="over" />`),
} as const;

export type OddPhone = keyof typeof oddPhones;

function refuses(status: string): string {
  return phone(`
  <send retrans="500">${toInvite(status)}</send>
  <recv request="ACK" next="over" />`);
}

/** From the INVITE on, which is kept for the answers that come after other requests. */
function phone(body: string): string {
  return scenario('odd phone', `${takesCall}${body}
  <label id="asked" />
  <send>${ok}</send>
  <label id="over" />
  <Reference variables="remote,local,via,cseq" />`);
}
