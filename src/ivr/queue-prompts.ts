/**
 * What waiting callers are told, in pieces: the numbers are put between them. Made only where a queue announces anything.
 * Any of them can be replaced by a prompt of the same name in prompts.yaml.
 */
import type { Text } from '../base/text.ts';

const sentences: Readonly<Record<string, Text>> = {
  'all-busy': { zh: '非常抱歉，座席正忙，请您稍候，我们会尽快为您接听。', en: 'We are sorry, all our agents are busy. Please hold, and we will answer as soon as we can.' },
  'position-next': { zh: '您是下一位。', en: 'You are next in line.' },
  'position-before': { zh: '您目前排在第', en: 'You are number' },
  'position-after': { zh: '位。', en: 'in line.' },
  'position-more-before': { zh: '您前面的来电超过', en: 'In front of you there are more than' },
  'position-more-after': { zh: '个。', en: 'callers.' },
  'estimate-before': { zh: '预计还需等待', en: 'The estimated wait is' },
  'estimate-to': { zh: '到', en: 'to' },
  'estimate-about': { zh: '预计还需等待大约', en: 'The estimated wait is about' },
  'estimate-after': { zh: '分钟。', en: 'minutes.' },
  'estimate-one': { zh: '预计还需等待大约一分钟。', en: 'The estimated wait is about one minute.' },
  'estimate-under-one': { zh: '预计等待不到一分钟。', en: 'The estimated wait is less than a minute.' },
};

const units = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve', 'thirteen', 'fourteen', 'fifteen', 'sixteen', 'seventeen', 'eighteen', 'nineteen'];
const tens = ['', '', 'twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];
const digits = [...'零一二三四五六七八九'];

const numbers: Readonly<Record<string, Text>> = Object.fromEntries([
  ...units.map((en, number): [string, Text] => [`number-${number}`, { zh: number < 10 ? (digits[number] ?? '') : `十${number === 10 ? '' : (digits[number - 10] ?? '')}`, en }]),
  ...tens.slice(2).map((en, index): [string, Text] => [`number-${(index + 2) * 10}`, { zh: `${digits[index + 2] ?? ''}十`, en }]),
  ['number-100', { zh: '百', en: 'hundred' }],
  ['number-1000', { zh: '千', en: 'thousand' }],
  ['number-two', { zh: '两', en: 'two' }],
]);

export const queuePrompts: Readonly<Record<string, Text>> = { ...sentences, ...numbers };
