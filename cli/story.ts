// A contact's events as sentences that a newcomer understands.

import { assertNever } from '../src/base/assert.ts';
import type { Event } from '../src/acd/messages.ts';
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
      return say(`队列 ${event.queue} 已满`, `${event.queue} is full`);
    case 'contact-overflowed':
      return say(`从 ${event.from} 溢出到 ${event.queue}`, `overflows from ${event.from} to ${event.queue}`);
    case 'contact-requeued':
      return say(`坐席 ${event.agent} 掉线，回到 ${event.queue} 原位`, `agent ${event.agent} was lost, back in ${event.queue} at the old place`);
    case 'offer-made':
      return say(`呼叫坐席 ${event.agent}，已等待 ${seconds(event.waitMs)}`, `agent ${event.agent} is rung after a wait of ${seconds(event.waitMs)}`);
    case 'offer-rang':
      return say(`坐席 ${event.agent} 话机振铃`, `the phone of ${event.agent} rings`);
    case 'offer-ended':
      return event.outcome === 'accepted' ? null : say(`坐席 ${event.agent} 未接：${event.outcome}`, `agent ${event.agent} did not take it: ${event.outcome}`);
    case 'contact-connected':
      return say(`坐席 ${event.agent} 接听，振铃 ${seconds(event.ringMs)}`, `agent ${event.agent} answers after ${seconds(event.ringMs)} of ringing`);
    case 'transfer-started':
      return say('转接外部号码', 'transferred to a number');
    case 'transfer-connected':
      return say('转接接通', 'the transfer is answered');
    case 'transfer-failed':
      return say(`转接失败：${event.end}`, `the transfer failed: ${event.end}`);
    case 'contact-ended':
      return say(`结束：${event.reason}，等待 ${seconds(event.waitMs)}，通话 ${seconds(event.talkMs)}`, `over: ${event.reason}, waited ${seconds(event.waitMs)}, talked ${seconds(event.talkMs)}`);
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
    case 'answer-asked':
      return say(`坐席 ${event.agent} 在桌面点击接听`, `agent ${event.agent} clicks answer`);
    case 'contact-closed':
    case 'presence-changed':
    case 'presence-requested':
    case 'rest-set':
    case 'device-changed':
    case 'stray-removed':
    case 'bridge-removed':
    case 'switch-changed':
    case 'pace-changed':
    case 'alarm-raised':
    case 'alarm-cleared':
    case 'configured':
      return null;
    default:
      return assertNever(event);
  }
}

const way = (event: Extract<Event, { type: 'flow-moved' }>): string => event.path.map(({ node, took }) => (took === '' ? node : `${node} → ${took}`)).join(', ');
export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
