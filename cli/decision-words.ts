// Each decision as a person says it: a contact's own events by its story, and what befell the centre while it waited.

import { assertNever } from '../src/base/assert.ts';
import type { RoutingEvent } from '../src/acd/decisions.ts';
import type { EventOf } from '../src/acd/messages.ts';
import type { Text } from '../src/base/text.ts';
import type { Lang } from '../runtime/environment.ts';
import { sentence } from './story.ts';

export const decision = (event: RoutingEvent, lang: Lang): string => untold(event)?.[lang] ?? sentence(event, lang) ?? event.type;

/** What the story of a contact has no words for. */
function untold(event: RoutingEvent): Text | undefined {
  switch (event.type) {
    case 'contact-arrived':
      return event.turnedAway === undefined ? undefined : { zh: `来电 ${event.ani || '（无号码）'} 拨打 ${event.dnis}，未接入`, en: `call from ${event.ani || 'a hidden number'} to ${event.dnis}, not let in` };
    case 'caller-known':
      return known(event);
    case 'offer-ended':
      return event.outcome === 'accepted' ? { zh: `坐席 ${event.agent} 应答`, en: `agent ${event.agent} takes it` } : undefined;
    case 'queue-closed':
      return { zh: `${event.by} 关闭队列 ${event.queue}${event.reason === '' ? '' : `：${event.reason}`}，排队中的${event.waiting === 'serve' ? '继续接听' : '离开'}`, en: `${event.by} closes ${event.queue}${event.reason === '' ? '' : `: ${event.reason}`}; those who wait ${event.waiting === 'serve' ? 'are served' : 'leave'}` };
    case 'queue-reopened':
      return { zh: `队列 ${event.queue} 重新开放${event.by === undefined ? '' : `（${event.by}）`}`, en: `${event.queue} is open again${event.by === undefined ? '' : `, by ${event.by}`}` };
    case 'hours-changed':
      return event.open ? { zh: `队列 ${event.queue} 到开放时间`, en: `the hours of ${event.queue} begin` } : { zh: `队列 ${event.queue} 到关闭时间`, en: `the hours of ${event.queue} are over` };
    case 'switch-changed':
      return event.up ? { zh: '与交换机重新连接，恢复分配', en: 'the switch is there again, and agents are rung' } : { zh: '与交换机断开，暂停分配', en: 'the switch is away, and nobody is rung' };
    case 'alarm-raised':
      return { zh: '无法录音，按配置暂停分配', en: 'nothing can be recorded, and nobody is rung until it can' };
    case 'alarm-cleared':
      return { zh: '录音恢复，恢复分配', en: 'recordings can be made again' };
    case 'configured':
      return { zh: `采用配置版本 ${event.version}`, en: `the configuration ${event.version} holds from now on` };
    case 'contact-queued': case 'contact-held': case 'hold-ended': case 'contact-restored': case 'contact-turned-away': case 'contact-left-queue':
    case 'contact-overflowed': case 'contact-escalated': case 'contact-widened': case 'contact-re-prioritised': case 'contact-requeued':
    case 'callback-asked': case 'callback-waiting': case 'callback-attempted': case 'callback-answered': case 'callback-missed': case 'callback-due': case 'callback-connected':
    case 'offer-made': case 'offer-answered': case 'contact-connected': case 'transfer-started': case 'transfer-connected': case 'transfer-failed': case 'contact-ended':
      return undefined;
    default:
      return assertNever(event);
  }
}

function known({ last, vip }: EventOf<'caller-known'>): Text {
  const before = last === null ? { zh: '未找到上次接待的坐席', en: 'no agent of last time' } : { zh: `上次由坐席 ${last.agent} 接待`, en: `last with agent ${last.agent}` };
  return vip ? { zh: `客户为 VIP，${before.zh}`, en: `a VIP, ${before.en}` } : { zh: `客户资料：${before.zh}`, en: `from the records: ${before.en}` };
}
