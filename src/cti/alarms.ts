/** Alarms as supervisors read them. Pure. */
import type { Alarm, AlarmCode, ClosedQueue } from '../acd/model.ts';
import type { Text } from '../base/text.ts';
import type { ShownAlarm } from './shapes.ts';

export const shownAlarm = ({ code, trunk, ani, agent, since }: Omit<Alarm, 'last' | 'turnedAway'>): ShownAlarm =>
  ({ code, trunk: trunk ?? null, ani: ani ?? null, agent: agent ?? null, queue: null, since, text: { ...texts[code] } });

/** Lasts as long as the queue is closed, restarts of the service included. */
export const closedAlarm = ({ id, since }: Pick<ClosedQueue, 'id' | 'since'>): ShownAlarm =>
  ({ code: 'queue-closed', trunk: null, ani: null, agent: null, queue: id, since, text: { zh: '队列已被关闭，不再接入新来电。', en: 'This queue was closed: it takes no new callers.' } });

const texts: { readonly [Code in AlarmCode]: Text } = {
  overload: { zh: '来电超过每秒上限，部分来电未接入。', en: 'More calls come in than are let in; some are turned away.' },
  'trunk-limit': { zh: '一条中继来电过多，已限制，其他来电不受影响。', en: 'One trunk sends too many calls and is limited; others are not affected.' },
  'caller-limit': { zh: '一个号码呼入过于频繁，已限制。', en: 'One number calls too often and is limited.' },
  'recordings-full': { zh: '录音磁盘已满，通话无法录音。', en: 'The disk for recordings is full: calls cannot be recorded.' },
  'recordings-missing': { zh: '录音目录不存在，通话无法录音。', en: 'The folder for recordings is not there: calls cannot be recorded.' },
  'recordings-unwritable': { zh: '录音目录无法写入，通话无法录音。', en: 'The folder for recordings cannot be written: calls cannot be recorded.' },
  'recordings-unmanaged': { zh: '与话务平台的管理连接（AMI）中断，新通话无法录音。', en: 'The manager connection (AMI) to the phone system is away: new calls cannot be recorded.' },
  'recordings-low': { zh: '录音磁盘空间即将用尽。', en: 'The disk for recordings is nearly full.' },
  'break-too-long': { zh: '座席示忙已超过规定时长。', en: 'An agent’s break has lasted longer than it may.' },
  late: { zh: '系统响应变慢，暂时少接入来电。', en: 'The service is slow to respond and lets in fewer calls for now.' },
};
