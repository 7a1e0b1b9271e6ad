/** Raises and clears alarms. */
import { recorderFaults } from '../telephony/port.ts';
import { alarmKey, alarmQuietMs } from './alarms.ts';
import { push } from './heap.ts';
import type { Refusal } from './commands.ts';
import type { Alarm, AlarmCode, AlarmSource } from './model.ts';
import { emit } from './turn.ts';
import type { Turn } from './turn.ts';

export function raiseAlarm(turn: Turn, code: AlarmCode, source: AlarmSource): void {
  const { alarms } = turn.centre;
  if (alarms.has(alarmKey(code, source)) || (code === 'caller-limit' && alarms.size >= alarmsMax)) return;
  emit(turn, { type: 'alarm-raised', alarm: code, ...source });
}

/** A flood from a thousand numbers is no thousand alarms. */
const alarmsMax = 100;

/** They end with what they are about, and not by the clock. */
const lasting: ReadonlySet<AlarmCode> = new Set(['late', 'break-too-long', 'recordings-low', ...recorderFaults] as const);

/** The deadline of an alarm: it is over, or had a reason since and is looked at again later. */
export function quieten(turn: Turn, key: string): void {
  const { alarms, deadlines } = turn.centre;
  const alarm = alarms.get(key);
  if (alarm === undefined || lasting.has(alarm.code)) return;
  if (alarm.last + alarmQuietMs <= turn.at) clear(turn, alarm);
  else push(deadlines, { at: alarm.last + alarmQuietMs, kind: 'alarm', alarm: key });
}

export function setPace(turn: Turn, pace: number): Refusal | undefined {
  const { doors } = turn.centre;
  if (pace === doors.pace) return { code: 'already' };
  emit(turn, { type: 'pace-changed', pace });
  if (pace < 1) raiseAlarm(turn, 'late', {});
  else clearAlarm(turn, 'late', {});
  return undefined;
}

export function clearAlarm(turn: Turn, code: AlarmCode, source: AlarmSource): void {
  const alarm = turn.centre.alarms.get(alarmKey(code, source));
  if (alarm !== undefined) clear(turn, alarm);
}

function clear(turn: Turn, { code, last: _, ...alarm }: Alarm): void {
  emit(turn, { type: 'alarm-cleared', alarm: code, ...alarm });
}
