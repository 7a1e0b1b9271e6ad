/**
 * What the service itself says, built in so that a centre without prompts still speaks. Any of them can be replaced
 * by a prompt of the same name in prompts.yaml.
 *
 * A number is read digit by digit, as Chinese hotlines read 工号 and telephone numbers: 1 is 幺 and not 一, which is
 * too easily taken for 七 on a bad line. A centre that wants 一 writes `digit-1: { zh: 一, en: one }`.
 */
import type { Text } from '../base/text.ts';

export const systemPrompts = {
  'unknown-number': { zh: '对不起，您拨打的号码暂未开通服务，请核对后再拨。', en: 'Sorry, the number you have dialled is not in service. Please check it and call again.' },
  'not-understood': { zh: '对不起，您的输入有误。', en: 'Sorry, that is not one of the choices.' },
  'queue-closed': { zh: '非常抱歉，此项服务现已关闭，请您稍后再拨。再见！', en: 'We are sorry, this service is closed at the moment. Please call again later. Goodbye.' },
  'queue-full': { zh: '非常抱歉，当前来电较多，座席全忙，请您稍后再拨。再见！', en: 'We are sorry. All our lines are busy at the moment. Please call again later. Goodbye.' },
  'no-agents': { zh: '非常抱歉，目前没有座席在线，请您稍后再拨。再见！', en: 'We are sorry. None of our agents is here at the moment. Please call again later. Goodbye.' },
  'too-many-calls': { zh: '现在来电过多，请您稍后再拨。再见！', en: 'We are receiving too many calls at the moment. Please call again later. Goodbye.' },
  'transfer-failed': { zh: '非常抱歉，您的电话暂时无法转接，请您稍后再拨。再见！', en: 'We are sorry, your call could not be transferred. Please call again later. Goodbye.' },
  sorry: { zh: '非常抱歉，系统暂时无法处理您的来电，请您稍后再拨。再见！', en: 'We are sorry, we cannot handle your call at the moment. Please call again later. Goodbye.' },
  'please-wait': { zh: '正在为您转接人工座席，请稍候。', en: 'Please hold while we connect you to an agent.' },
  /** {number} stands for the agent's digits. */
  'agent-number': { zh: '{number}号为您服务。', en: 'Agent {number} is at your service.' },
  'digit-0': { zh: '零', en: 'zero' },
  'digit-1': { zh: '幺', en: 'one' },
  'digit-2': { zh: '二', en: 'two' },
  'digit-3': { zh: '三', en: 'three' },
  'digit-4': { zh: '四', en: 'four' },
  'digit-5': { zh: '五', en: 'five' },
  'digit-6': { zh: '六', en: 'six' },
  'digit-7': { zh: '七', en: 'seven' },
  'digit-8': { zh: '八', en: 'eight' },
  'digit-9': { zh: '九', en: 'nine' },
} as const satisfies Readonly<Record<string, Text>>;

export const systemPromptNames: readonly string[] = Object.keys(systemPrompts);
