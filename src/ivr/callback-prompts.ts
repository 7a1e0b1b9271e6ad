/**
 * What is said around a callback, in pieces: the caller's number, and the key, are put between them. Made only where a queue
 * calls anyone back. Any of them can be replaced by a prompt of the same name in prompts.yaml.
 */
import type { Text } from '../base/text.ts';

export const callbackPrompts: Readonly<Record<string, Text>> = {
  'callback-offer-before': { zh: '如果您不想继续等候，请按', en: 'If you do not wish to hold, press' },
  'callback-offer-after': { zh: '，我们会给您回电，并为您保留现在的位置。', en: 'and we will call you back. Your place in line is kept.' },
  'callback-number': { zh: '我们将回拨您的电话', en: 'We will call you back at' },
  'callback-confirm': { zh: '确认请按一，继续等候请按星号键。', en: 'Press one to confirm, or star to go on waiting.' },
  'callback-confirm-or-other': { zh: '确认请按一，更换号码请按二，继续等候请按星号键。', en: 'Press one to confirm, two for another number, or star to go on waiting.' },
  'callback-enter': { zh: '请输入回拨电话号码，以井号键结束。继续等候请按星号键。', en: 'Please enter the number to call back, followed by the hash key, or press star to go on waiting.' },
  'callback-promised': { zh: '已为您登记回拨，您的位置会为您保留，请保持电话畅通。再见！', en: 'We will call you back when it is your turn. Please keep your telephone free. Goodbye.' },
  'callback-refused': { zh: '抱歉，无法回拨这个号码，请您继续等候。', en: 'We are sorry, we cannot call you back at this number. Please hold on.' },
  'callback-merged': { zh: '您之前预约的回拨已取消，您的位置已为您保留，请稍候。', en: 'You have your place in line back, and need not be called back any more. Please hold.' },
  'callback-accept': { zh: '您好，这是您预约的客服回电。接听请按一，不再需要请按二。', en: 'Hello, this is the call back that you asked for. Press one to be connected, or two if you no longer need it.' },
};
