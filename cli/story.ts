// A contact's events as sentences that a newcomer understands.

import { assertNever } from '../src/base/assert.ts';
import type { Event, EventOf } from '../src/acd/messages.ts';
import type { Text } from '../src/base/text.ts';
import { contactEnds, holdOver, legEnds, outcomes, requeued } from './ending-words.ts';
import type { Lang } from '../runtime/environment.ts';

/** Null for what is bookkeeping and tells a person nothing. */
export function sentence(event: Event, lang: Lang): string | null {
  const say = (zh: string, en: string): string => (lang === 'zh' ? zh : en);
  switch (event.type) {
    case 'contact-arrived':
      return say(`来电 ${event.ani || '（无号码）'} 拨打 ${event.dnis}`, `call from ${event.ani || 'a hidden number'} to ${event.dnis}`);
    case 'flow-moved':
      return event.path.length === 0 ? null : say(`菜单：${way(event)}`, `flow: ${way(event)}`);
    case 'contact-queued':
      return say(`进入队列 ${event.queue}，排第 ${event.position} 位`, `waits in ${event.queue}, number ${event.position} in line`);
    case 'contact-restored':
      return say('系统恢复后继续原通话', 'the talk is found again after a loss, and goes on');
    case 'contact-turned-away':
      if (event.reason === 'queue-removed') return say(`队列 ${event.queue} 已取消，重新进入菜单`, `${event.queue} is no more, into the menu again`);
      return say(`未进入队列 ${event.queue}：${notTaken[event.reason].zh}${event.by === undefined ? '' : `（${event.by}）`}`, `${event.queue} does not take it: ${notTaken[event.reason].en}${event.by === undefined ? '' : `, by ${event.by}`}`);
    case 'contact-left-queue':
      return say(`等待 ${seconds(event.waitMs)} 后离开队列 ${event.queue}：${leftBy(event).zh}`, `leaves ${event.queue} after ${seconds(event.waitMs)}: ${leftBy(event).en}`);
    case 'contact-told':
      return say(`播报${event.position === undefined ? '' : `：第 ${event.position} 位`}${event.estimate ? `，预计 ${seconds(event.estimate.p50Ms)} 至 ${seconds(event.estimate.p90Ms)}` : ''}`, `is told${event.position === undefined ? '' : ` the place, ${event.position}`}${event.estimate ? `, and ${seconds(event.estimate.p50Ms)} to ${seconds(event.estimate.p90Ms)}` : ''}`);
    case 'contact-overflowed':
      return say(`从 ${event.from} 溢出到 ${event.queue}`, `overflows from ${event.from} to ${event.queue}`);
    case 'callback-asked':
      return say(`将回拨 ${event.number}，保留 ${event.queue} 中的位置`, `is to be called back at ${event.number}, keeping the place in ${event.queue}`);
    case 'callback-waiting':
      return say(`已挂机，等待回拨，排第 ${event.position} 位`, `has left the phone and is to be called back, number ${event.position} in line`);
    case 'callback-attempted':
      return say(`第 ${event.attempt} 次回拨 ${event.number}`, `called back at ${event.number}, attempt ${event.attempt}`);
    case 'callback-answered':
      return say('回拨已应答，等待按键确认', 'the callback is answered, and a key is asked for');
    case 'callback-missed':
      return say(`回拨未接通：${legEnds[event.end].zh}${event.next === undefined ? '' : `，${seconds(event.next - event.at)} 后再拨`}`, `was not reached: ${legEnds[event.end].en}${event.next === undefined ? '' : `, again in ${seconds(event.next - event.at)}`}`);
    case 'callback-due':
      return say('可以再次回拨', 'may be called back again');
    case 'callback-connected':
      return say(`回拨接通，排第 ${event.position} 位`, `answers the callback, number ${event.position} in line`);
    case 'contact-held':
      return say(`等待坐席 ${event.hold.for ?? ''}，最多 ${seconds(event.hold.until - event.at)}`, `waits for agent ${event.hold.for ?? ''}, for ${seconds(event.hold.until - event.at)} at most`);
    case 'hold-ended':
      return say(`不再等待指定坐席：${holdOver[event.because].zh}`, `anyone may take it from now on: ${holdOver[event.because].en}`);
    case 'contact-escalated':
      return say(`坐席 ${event.agent} 升级到 ${event.queue}`, `agent ${event.agent} hands it on to ${event.queue}`);
    case 'contact-requeued':
      return say(`${requeued(event).zh}，回到 ${event.queue} 原位`, `${requeued(event).en}, back in ${event.queue} at the old place`);
    case 'offer-made':
      return say(`呼叫坐席 ${event.agent}，已等待 ${seconds(event.waitMs)}`, `agent ${event.agent} is rung after a wait of ${seconds(event.waitMs)}`);
    case 'offer-rang':
      return say(`坐席 ${event.agent} 话机振铃`, `the phone of ${event.agent} rings`);
    case 'offer-answered':
      if (event.confirm) return say(`坐席 ${event.agent} 的手机已接，等待按 1`, `the mobile of ${event.agent} is answered, and 1 is to be pressed`);
      return say(`坐席 ${event.agent} 话机已接，先听来电耳语`, `the phone of ${event.agent} is answered, and its agent hears whom it is for`);
    case 'offer-ended':
      if (event.outcome === 'answered-elsewhere') return say(`坐席 ${event.agent} 停振：其他坐席已接`, `agent ${event.agent} rings no more: another was quicker`);
      return event.outcome === 'accepted' ? null : say(`坐席 ${event.agent} 未接：${outcomes[event.outcome].zh}`, `agent ${event.agent} did not take it: ${outcomes[event.outcome].en}`);
    case 'contact-connected':
      return say(`坐席 ${event.agent} 接听，振铃 ${seconds(event.ringMs)}`, `agent ${event.agent} answers after ${seconds(event.ringMs)} of ringing`);
    case 'transfer-started':
      return say('转接外部号码', 'transferred to a number');
    case 'transfer-connected':
      return say('转接接通', 'the transfer is answered');
    case 'transfer-failed':
      return say(`转接失败：${legEnds[event.end].zh}`, `the transfer failed: ${legEnds[event.end].en}`);
    case 'contact-ended':
      return say(`结束：${contactEnds[event.reason].zh}，等待 ${seconds(event.waitMs)}，通话 ${seconds(event.talkMs)}`, `over: ${contactEnds[event.reason].en}, waited ${seconds(event.waitMs)}, talked ${seconds(event.talkMs)}`);
    case 'disposition-set':
      return say(`坐席 ${event.agent} 小结：${event.disposition.code} ${event.disposition.note}`, `agent ${event.agent} sums up: ${event.disposition.code} ${event.disposition.note}`);
    case 'recording-started':
      return say('开始录音', 'recording begins');
    case 'recording-paused':
      return say('暂停录音', 'recording paused');
    case 'recording-resumed':
      return say('恢复录音', 'recording resumed');
    case 'recording-stopped':
      return say('录音结束', 'recording ends');
    case 'recording-failed':
      return say(`录音失败：${event.detail}`, `recording failed: ${event.detail}`);
    case 'contact-repaired':
      return say('重新连接后恢复', 'made good after a reconnect');
    case 'contact-widened':
      return say('等待已久，放宽对坐席的要求', 'has waited so long that more agents will do');
    case 'contact-re-prioritised':
      return say(`${event.by} 将优先级改为 ${event.priority}，排在第 ${event.position} 位`, `${event.by} sets the priority to ${event.priority}: position ${event.position}`);
    case 'answer-asked':
      return say(`坐席 ${event.agent} 在桌面点击接听`, `agent ${event.agent} clicks answer`);
    case 'contact-closed':
    case 'presence-changed':
    case 'presence-requested':
    case 'caller-known':
    case 'queue-joined':
    case 'queue-left':
    case 'break-asked':
    case 'break-decided':
    case 'wrap-up-requested':
    case 'rest-set':
    case 'device-changed':
    case 'stray-removed':
    case 'bridge-removed':
    case 'switch-changed':
    case 'pace-changed':
    case 'alarm-raised':
    case 'alarm-cleared':
    case 'queue-closed':
    case 'queue-reopened':
    case 'hours-changed':
    case 'configured':
      return null;
    default:
      return assertNever(event);
  }
}

const notTaken: { readonly [Reason in Exclude<EventOf<'contact-turned-away'>['reason'], 'queue-removed'>]: Text } = {
  closed: { zh: '队列已关闭', en: 'it is closed' },
  full: { zh: '队列已满', en: 'it is full' },
  empty: { zh: '没有座席', en: 'no agent is there' },
  diverted: { zh: '等待过久，已分流', en: 'the wait would be too long' },
};
const left: { readonly [Because in EventOf<'contact-left-queue'>['because']]: Text } = {
  key: { zh: '按键', en: 'pressed' },
  waited: { zh: '等待超时', en: 'waited too long' },
  empty: { zh: '座席已全部离开', en: 'no agent is there any more' },
  closed: { zh: '队列关闭', en: 'it was closed' },
  withdrawn: { zh: '由班长移出', en: 'taken out by' },
  callback: { zh: '申请回拨', en: 'asks to be called back' },
};
function leftBy({ because, key, by, note }: EventOf<'contact-left-queue'>): Text {
  const more = [key, by, note].filter((word) => word !== undefined).join(' ');
  return { zh: `${left[because].zh} ${more}`.trim(), en: `${left[because].en} ${more}`.trim() };
}

const way = (event: Extract<Event, { type: 'flow-moved' }>): string => event.path.map(({ node, took }) => (took === '' ? node : `${node} → ${took}`)).join(', ');
export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
