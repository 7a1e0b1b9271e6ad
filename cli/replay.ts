// The centre as it was at a moment, made again from its events.

import { stdout } from 'node:process';
import { parseArgs } from 'node:util';
import { DateTime } from 'luxon';
import { SetupError } from '../runtime/setup-error.ts';
import { standingIn } from '../src/acd/lines.ts';
import { comeTo } from '../src/acd/moment.ts';
import { effectivePriority, inLine } from '../src/acd/ranking.ts';
import type { Centre } from '../src/acd/model.ts';
import { closedOf } from '../src/cti/figures.ts';
import { openPast } from './past.ts';
import type { Lang } from '../runtime/environment.ts';
import type { Command } from './main.ts';

export const run: Command = async ({ lang, args }) => {
  const { values } = parseArgs({ args, options: { at: { type: 'string' }, state: { type: 'string', default: '.state' }, config: { type: 'string' }, json: { type: 'boolean' } } });
  const past = await openPast({ state: values.state, config: values.config });
  try {
    const { timeZone } = past.config.centre;
    const at = momentOf(values.at ?? '', timeZone);
    const moment = await past.momentAt(await past.positionAt(at));
    comeTo(moment, at);
    const picture = pictureOf(moment.centre);
    const otherRules = moment.routings(moment.version) === undefined;
    stdout.write(`${shown(picture, at, timeZone, lang)}\n`);
    if (otherRules) stdout.write(lang === 'zh' ? `当时的配置版本 ${moment.version} 没有留存：次序与优先级按现在的配置 ${past.config.version} 显示。\n` : `The configuration of that time, ${moment.version}, is not kept: orders and priorities are shown by the present one, ${past.config.version}.\n`);
    if (values.json) stdout.write(`${JSON.stringify({ at, position: moment.position, version: moment.version, otherRules, leftOut: [...moment.leftOut], ...picture })}\n`);
    return 0;
  } finally {
    await past.close();
  }
};

/** Of a time alone, its latest past: today's, else yesterday's. */
export function momentOf(text: string, timeZone: string, now: number = Date.now()): number {
  const read = DateTime.fromISO(text, { zone: timeZone });
  if (!read.isValid) throw new SetupError({ en: `--at takes a time such as 10:32:05 or 2026-05-20T10:32:05, not "${text}".`, zh: `--at 应为时间，例如 10:32:05 或 2026-05-20T10:32:05，而不是“${text}”。` });
  if (/^\d{1,2}:/.test(text)) {
    const today = DateTime.fromMillis(now, { zone: timeZone }).set({ hour: read.hour, minute: read.minute, second: read.second, millisecond: read.millisecond });
    return (today.toMillis() > now ? today.minus({ days: 1 }) : today).toMillis();
  }
  return read.toMillis();
}

function pictureOf(centre: Centre) {
  return {
    switchUp: centre.switchUp,
    queues: [...centre.routing.queues.keys()].map((queue) => ({
      queue,
      closed: closedOf(queue, centre),
      waiting: standingIn(centre, queue).flatMap((id) => {
        const contact = inLine(centre.contacts.get(id));
        return contact === undefined ? [] : [{ contact: id, waitedMs: centre.at - contact.state.queuedAt, priority: effectivePriority(centre.routing, contact.state), status: contact.state.status }];
      }),
    })),
    agents: [...centre.agents.values()].filter(({ id }) => centre.routing.agents.has(id)).map(({ id, presence, device, restUntil }) => ({ agent: id, presence, device, restUntil })),
    contacts: centre.contacts.size,
  };
}

function shown({ switchUp, queues, agents, contacts }: ReturnType<typeof pictureOf>, at: number, timeZone: string, lang: Lang): string {
  const zh = lang === 'zh';
  const clock = (ms: number): string => DateTime.fromMillis(ms, { zone: timeZone }).toFormat('yyyy-MM-dd HH:mm:ss.SSS');
  return [
    zh ? `${clock(at)}　电话 ${contacts} 通${switchUp ? '' : '，交换机不可用'}` : `${clock(at)}  ${contacts} contacts${switchUp ? '' : ', the switch is away'}`,
    ...queues.flatMap(({ queue, closed, waiting }) => [
      `${queue}: ${waiting.length}${closed === null ? '' : closedWords(closed, zh)}`,
      ...waiting.map(({ contact, waitedMs, priority, status }, index) => `  ${index + 1}. ${contact}  ${(waitedMs / 1000).toFixed(1)} s  ${zh ? '优先级' : 'priority'} ${priority}${status === 'offered' ? (zh ? '  振铃中' : '  rings') : ''}`),
    ]),
    ...agents.map(({ agent, presence, device }) => `${agent}  ${presence.status}${'reason' in presence ? ` (${presence.reason})` : ''}${'contact' in presence ? ` ${presence.contact}` : ''}  ${device}${presence.since === 0 ? '' : `  ${zh ? '自' : 'since'} ${clock(presence.since)}`}`),
  ].join('\n');
}

function closedWords({ by, reason }: NonNullable<ReturnType<typeof closedOf>>, zh: boolean): string {
  if (by === null) return zh ? '  不在服务时间' : '  out of hours';
  return `${zh ? `  已由 ${by} 关闭` : `  closed by ${by}`}${reason === '' ? '' : `${zh ? '：' : ': '}${reason}`}`;
}
