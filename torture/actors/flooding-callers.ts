// Outside callers who take what they get: let in, they stay until the other side hangs up; turned away, that is that.

import { ok, scenario } from '../../stage/scenarios.ts';
import { inDialog, invite, provisional, request } from './caller-messages.ts';

export const takesWhatItGets = (): string => scenario('takes what it gets', `${invite}${provisional}
  <recv response="486" optional="true" next="turned-away" />
  <recv response="503" optional="true" next="turned-away" />
  <recv response="200" rrs="true" />
  <send>${inDialog('ACK', '1 ACK')}</send>
  <recv request="BYE" />
  <send next="over">${ok}</send>
  <label id="turned-away" />
  <send>${request('ACK', '1 ACK', '[peer_tag_param]')}</send>
  <label id="over" />`);
