// How phones, offers, holds and contacts end, in a person's words.

import type { EventOf } from '../src/acd/messages.ts';
import type { Text } from '../src/base/text.ts';

type Words<Code extends string> = { readonly [Each in Code]: Text };

export const legEnds: Words<EventOf<'callback-missed'>['end']> = {
  'hung-up': { zh: '对方挂断', en: 'hung up' },
  busy: { zh: '忙线', en: 'busy' },
  rejected: { zh: '拒接', en: 'turned it away' },
  'no-answer': { zh: '无人接听', en: 'no answer' },
  unallocated: { zh: '空号', en: 'no such number' },
  unreachable: { zh: '无法接通', en: 'could not be reached' },
  failed: { zh: '呼叫失败', en: 'the call failed' },
  gone: { zh: '呼叫丢失', en: 'the call was lost' },
};

export const outcomes: Words<Exclude<EventOf<'offer-ended'>['outcome'], 'accepted' | 'answered-elsewhere'>> = {
  'no-answer': { zh: '无人接听', en: 'no answer' },
  rejected: { zh: '拒接', en: 'turned it away' },
  busy: { zh: '话机忙', en: 'the phone was busy' },
  unreachable: { zh: '话机不可达', en: 'the phone could not be reached' },
  withdrawn: { zh: '来电已离开', en: 'the caller was gone' },
  lost: { zh: '呼叫丢失', en: 'the call to the phone was lost' },
};

export const holdOver: Words<EventOf<'hold-ended'>['because']> = {
  time: { zh: '等待时间已到', en: 'the time is over' },
  'nobody-known': { zh: '没有上次接待的坐席', en: 'no agent of last time is known' },
  'agent-away': { zh: '该坐席已离开', en: 'the agent has gone' },
  declined: { zh: '该坐席未接', en: 'the agent did not take it' },
};

export function requeued({ because, agent }: EventOf<'contact-requeued'>): Text {
  switch (because) {
    case 'agent-lost':
      return { zh: `坐席 ${agent} 掉线`, en: `agent ${agent} was lost` };
    case 'connect-failed':
      return { zh: `未能与坐席 ${agent} 接通`, en: `it could not be joined with agent ${agent}` };
    case 'not-recorded':
      return { zh: '无法录音，按配置不通话', en: 'nothing could be recorded, and then there is no talk' };
  }
}

export const contactEnds: Words<EventOf<'contact-ended'>['reason']> = {
  'caller-hung-up': { zh: '来电者挂断', en: 'the caller hung up' },
  'agent-hung-up': { zh: '坐席挂断', en: 'the agent hung up' },
  'other-hung-up': { zh: '第三方挂断', en: 'the third party hung up' },
  'flow-ended': { zh: '流程结束', en: 'the flow ended' },
  failed: { zh: '呼叫失败', en: 'the call failed' },
  'switch-restarted': { zh: '交换机重启', en: 'the switch was restarted' },
  overload: { zh: '来电过多，未接入', en: 'not let in, too many calls' },
  'trunk-limit': { zh: '该中继来电过多，未接入', en: 'not let in, too many calls of this trunk' },
  'caller-limit': { zh: '该号码来电过多，未接入', en: 'not let in, too many calls of this number' },
  'callback-unreached': { zh: '回拨多次未接通', en: 'could not be called back' },
  'callback-declined': { zh: '客户不再需要回拨', en: 'the customer wants no call any more' },
  'callback-expired': { zh: '回拨已过期', en: 'the time for calling back is over' },
  'callback-withdrawn': { zh: '回拨由班长取消', en: 'the callback was withdrawn by a supervisor' },
  'callback-merged': { zh: '客户已再次来电，位置转给新来电', en: 'called again, and the place went to that call' },
};
