// Each reason code as a person says it.

import { assertNever } from '../src/base/assert.ts';
import type { AgentVerdict } from '../src/acd/explain-agent.ts';
import type { Score, ScorePart } from '../src/acd/verdict.ts';
import type { Lang } from '../runtime/environment.ts';
import type { Text } from '../src/base/text.ts';

export function reason(verdict: AgentVerdict, lang: Lang, clock: (at: number) => string): string {
  const { zh, en } = words(verdict, clock);
  return lang === 'zh' ? zh : en;
}

function words(verdict: AgentVerdict, clock: (at: number) => string): Text {
  switch (verdict.code) {
    case 'rung':
      return { zh: `✓ 呼叫此坐席（${score(verdict.score)}）`, en: `✓ rung (${score(verdict.score)})` };
    case 'lower-rank':
      return { zh: `排在其后：${parts[verdict.by].zh}（${score(verdict.score)}）`, en: `came behind: ${parts[verdict.by].en} (${score(verdict.score)})` };
    case 'kept':
      return { zh: `另一通电话 ${verdict.contact} 对其更优先`, en: `kept for ${verdict.contact}, which came first for this agent` };
    case 'free':
      return { zh: '空闲', en: 'free' };
    case 'not-in-queue':
      return { zh: '不在该队列', en: 'not in the queue' };
    case 'out-of-queue':
      return { zh: '已签出该队列', en: 'signed out of this queue' };
    case 'not-signed-in':
      return { zh: '未登录', en: 'not signed in' };
    case 'needs-unmet': {
      const unmet = verdict.unmet.map(({ part, has }) => `${part} (${Object.entries(has).map(([skill, level]) => `${skill} ${level}`).join(', ')})`).join('; ');
      return { zh: `不满足要求：${unmet}`, en: `does not meet the needs: ${unmet}` };
    }
    case 'level-too-high':
      return { zh: `梯次 ${verdict.level}，目前只到 ${verdict.allowed}`, en: `of level ${verdict.level}, only up to ${verdict.allowed} so far` };
    case 'kept-for-another':
      return { zh: `为坐席 ${verdict.agent ?? '（查询中）'} 保留${verdict.until === undefined ? '' : `至 ${clock(verdict.until)}`}`, en: `kept for agent ${verdict.agent ?? '(being looked up)'}${verdict.until === undefined ? '' : ` until ${clock(verdict.until)}`}` };
    case 'customer-away':
      return { zh: `客户已挂机等待回拨${verdict.until === undefined ? '' : `，${clock(verdict.until)} 后再拨`}`, en: `the customer has left the phone, and is to be called back${verdict.until === undefined ? '' : ` not before ${clock(verdict.until)}`}` };
    case 'paused':
      return { zh: `示忙（${verdict.reason}），自 ${clock(verdict.since)}`, en: `paused (${verdict.reason}) since ${clock(verdict.since)}` };
    case 'ringing':
      return { zh: `正在振铃：${verdict.contact}`, en: `being rung for ${verdict.contact}` };
    case 'talking':
      return { zh: `通话中：${verdict.contact}，自 ${clock(verdict.since)}`, en: `talking to ${verdict.contact} since ${clock(verdict.since)}` };
    case 'wrap-up':
      return { zh: `话后整理${verdict.until === undefined ? '' : `，至 ${clock(verdict.until)}`}`, en: `in wrap-up${verdict.until === undefined ? '' : ` until ${clock(verdict.until)}`}` };
    case 'resting':
      return { zh: `暂不呼叫，至 ${clock(verdict.until)}${verdict.because ? `（${verdict.because}）` : ''}`, en: `left alone until ${clock(verdict.until)}${verdict.because ? ` (${verdict.because})` : ''}` };
    case 'phone-in-use':
      return { zh: `话机占用（${verdict.device}）`, en: `the phone is in use (${verdict.device})` };
    case 'phone-unreachable':
      return { zh: '话机不可达', en: 'the phone cannot be reached' };
    case 'not-recordable':
      return { zh: '无法录音，按配置不接通', en: 'nothing can be recorded, and then no call is let in' };
    case 'switch-away':
      return { zh: '交换机不可用', en: 'the switch is away' };
    case 'rings-elsewhere':
      return { zh: `正在呼叫坐席 ${verdict.agent}`, en: `it rings at agent ${verdict.agent}` };
    case 'other-first':
      return { zh: `电话 ${verdict.contact} 更优先（优先级 ${verdict.other.effective}，${clock(verdict.other.queuedAt)} 起；本通 ${verdict.own.effective}，${clock(verdict.own.queuedAt)} 起）`, en: `${verdict.contact} came first (priority ${verdict.other.effective} since ${clock(verdict.other.queuedAt)}; this one ${verdict.own.effective} since ${clock(verdict.own.queuedAt)})` };
    default:
      return assertNever(verdict);
  }
}

const score = ({ level, key, tie, weight }: Score): string => `level ${level}, key ${key}, tie ${tie}${weight === undefined ? '' : `, weight ${weight}`}`;

const parts: { readonly [Part in ScorePart]: Text } = {
  level: { zh: '梯次', en: 'by level' },
  key: { zh: '策略', en: 'by the strategy' },
  tie: { zh: '空闲时长', en: 'by idle time' },
  number: { zh: '工号', en: 'by number' },
  turn: { zh: '轮到别人', en: 'another’s turn' },
  draw: { zh: '抽签', en: 'by the draw' },
  claim: { zh: '接听者此刻以本通为先', en: 'this contact was the first of all for the one who was rung' },
};
