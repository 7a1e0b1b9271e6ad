/** What supervisors are warned of: raised once, counted, and cleared when it has had no reason for a while. Parts of `apply`. */
import type { AgentId } from '../base/ids.ts';
import { sourceOf } from './admission.ts';
import { push } from './heap.ts';
import type { EventOf } from './messages.ts';
import type { AlarmCode, AlarmSource, Centre } from './model.ts';

/** So long without a reason; callers who go on trying come again within a minute. */
export const alarmQuietMs = 60_000;

export const alarmKey = (code: AlarmCode, { trunk = '', ani = '', agent = '' as AgentId }: AlarmSource): string => `${code} ${trunk} ${ani} ${agent}`;

export function alarmRaised(centre: Centre, { alarm: code, at, trunk, ani, agent }: EventOf<'alarm-raised'>): void {
  const source = { ...(trunk === undefined ? {} : { trunk }), ...(ani === undefined ? {} : { ani }), ...(agent === undefined ? {} : { agent }) };
  const key = alarmKey(code, source);
  centre.alarms.set(key, { code, ...source, since: at, last: at, turnedAway: 0 });
  push(centre.deadlines, { at: at + alarmQuietMs, kind: 'alarm', alarm: key });
}

/** A call was turned away again for the same reason. Past the limit of alarms there is none to count it. */
export function alarmCounted(centre: Centre, event: EventOf<'contact-arrived'>): void {
  if (event.turnedAway === undefined) return;
  const key = alarmKey(event.turnedAway, sourceOf(event.turnedAway, event));
  const alarm = centre.alarms.get(key);
  if (alarm !== undefined) centre.alarms.set(key, { ...alarm, last: centre.at, turnedAway: alarm.turnedAway + 1 });
}
