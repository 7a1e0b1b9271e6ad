// Outside callers who hang up at a moment of their own, as SIPp scenarios; each call's moment is its line's first field.

import { ok, scenario } from '../../stage/scenarios.ts';
import { inDialog, invite, provisional, request } from './caller-messages.ts';

/** So long after the 200 OK the caller says goodbye. */
export const leavesAfterAnswer = (): string => scenario('leaves after the answer', `${invite}${provisional}
  <recv response="200" rrs="true" />
  <send>${inDialog('ACK', '1 ACK')}</send>
  <nop><action><assignstr assign_to="listed" value="[field0]" /><todouble assign_to="stay" variable="listed" /></action></nop>
  <pause variable="stay" />
  <send retrans="500">${inDialog('BYE', '2 BYE')}</send>
  <recv request="BYE" optional="true" next="crossed" />
  <recv response="200" next="over" />
  <label id="crossed" />
  <send>${ok}</send>
  <recv response="200" next="over" />
  <label id="over" />`);

/**
 * Gives up so long after the INVITE: cancels what rings, says goodbye to what has answered, also when its CANCEL and
 * the answer cross. SIPp waits for no variable time, so a crowd has one patience.
 */
export const givesUpAfter = (ms: number): string => scenario('gives up', `${invite}${provisional}
  <recv response="200" rrs="true" timeout="${Math.max(1, ms)}" ontimeout="gives-up" />
  <send>${inDialog('ACK', '1 ACK')}</send>
  <pause milliseconds="${Math.max(0, ms - answeredByMs)}" />
  <label id="leaves" />
  <send retrans="500">${inDialog('BYE', '2 BYE')}</send>
  <recv response="200" next="over" />
  <label id="gives-up" />
  <send retrans="500">${request('CANCEL', '1 CANCEL', '')}</send>
  <recv response="200"><action><ereg regexp="INVITE" search_in="hdr" header="CSeq:" assign_to="crossed" /></action></recv>
  <nop test="crossed" next="late" />
  <recv response="200" rrs="true" optional="true" next="late" />
  <recv response="487" />
  <send next="over">${request('ACK', '1 ACK', '[peer_tag_param]')}</send>
  <label id="late" />
  <send next="leaves">${inDialog('ACK', '1 ACK')}</send>
  <label id="over" />`);

/** About when a number that leads straight into a line answers. */
const answeredByMs = 15;
