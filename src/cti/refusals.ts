/** Why something was not done, in words for the person who asked. */
import type { RefusalCode } from '../acd/commands.ts';
import type { Text } from '../base/text.ts';

/** Reasons of the desktop's own, before a command reaches the decider. */
export type DeskRefusalCode =
  | 'another-agent'
  | 'bad-json'
  | 'bad-message'
  | 'binary'
  | 'bad-ticket'
  | 'sign-in-first'
  | 'signed-in-already'
  | 'too-fast'
  | 'too-many-open'
  | 'standby'
  | 'failed';

export const refusalTexts: { readonly [Code in RefusalCode | DeskRefusalCode]: Text } = {
  'unknown-agent': { zh: '没有这个工号。', en: 'There is no agent with this number.' },
  'unknown-contact': { zh: '找不到这通来电，可能已经结束。', en: 'This contact is not known; it may be over.' },
  'unknown-queue': { zh: '没有这个队列。', en: 'There is no such queue.' },
  'queue-in-use': { zh: '该队列中还有来电，不能删除；可在接替它的队列中写 replaces。', en: 'There are callers in this queue, so it cannot be taken out; name it in `replaces` of the queue that takes them.' },
  'unknown-reason': { zh: '没有这个示忙原因。', en: 'There is no such pause reason.' },
  'unknown-disposition': { zh: '没有这个通话小结选项。', en: 'There is no such disposition.' },
  'unknown-number': { zh: '这个号码没有配置流程。', en: 'No flow answers this number.' },
  'not-signed-in': { zh: '请先签入。', en: 'Sign in first.' },
  already: { zh: '已经是这个状态。', en: 'It is so already.' },
  'agent-on-call': { zh: '正在通话或振铃，暂时不能这样做。', en: 'Not possible during a call or while the phone rings.' },
  'no-call': { zh: '当前没有通话。', en: 'There is no call.' },
  'no-offer': { zh: '当前没有来电振铃。', en: 'No call is ringing.' },
  'no-remote-answer': { zh: '这台话机不能从桌面接听，请在话机上接听。', en: 'This phone cannot be answered from the desktop; answer it on the phone.' },
  'no-wrap-up': { zh: '当前不在话后处理。', en: 'There is no wrap-up to finish.' },
  'wrap-up-fixed': { zh: '这段话后处理时间固定，不能提前结束。', en: 'This wrap-up has a fixed time and cannot be ended before.' },
  'not-your-queue': { zh: '这不是您所在的队列。', en: 'This is not one of your queues.' },
  'break-full': { zh: '本班组以此原因示忙的人数已满，请稍后再试。', en: 'As many of your team as may be are on this break already; try again later.' },
  'no-break-asked': { zh: '该座席没有待批准的示忙申请。', en: 'This agent has not asked for a break.' },
  'no-escalation': { zh: '这个队列没有可升级的专家队列，或这通来电已去过那里。', en: 'This queue hands callers on to no experts, or this caller has been with them.' },
  'no-callback': { zh: '这个队列不提供回拨。', en: 'This queue calls nobody back.' },
  'callbacks-full': { zh: '等待回拨的人数已满。', en: 'As many as may be are waiting to be called back already.' },
  'bad-number': { zh: '这个号码不能回拨。', en: 'This number cannot be called back.' },
  'queue-takes-none': { zh: '对方队列现在不接受来电。', en: 'That queue takes no callers now.' },
  'no-recording': { zh: '这通电话没有录音。', en: 'This call is not being recorded.' },
  'not-waiting': { zh: '这通来电不在排队。', en: 'This contact is not waiting in a queue.' },
  'not-allowed': { zh: '只有班长和管理员可以这样做。', en: 'Only supervisors and administrators may do this.' },
  'bad-priority': { zh: '优先级应为 −1000 到 1000 的整数。', en: 'A priority is a whole number from −1000 to 1000.' },
  'queue-closed': { zh: '该队列已经关闭。', en: 'This queue is closed already.' },
  'queue-open': { zh: '该队列没有被关闭。', en: 'Nobody has closed this queue.' },
  'not-in-flow': { zh: '来电已离开语音流程。', en: 'The contact has left its flow.' },
  'nothing-to-do': { zh: '没有需要做的事。', en: 'There is nothing to do.' },
  'not-owner': { zh: '本机当前不是主用，请稍后重试。', en: 'This server does not run the centre at the moment; try again shortly.' },
  'another-agent': { zh: '只能操作自己的工号。', en: 'You can only command your own agent number.' },
  'bad-json': { zh: '消息不是有效的 JSON。', en: 'The message is not valid JSON.' },
  'bad-message': { zh: '消息内容有误。', en: 'The message is not as the protocol says.' },
  binary: { zh: '不接受二进制消息。', en: 'Binary messages are not accepted.' },
  'bad-ticket': { zh: '登录凭证无效、已使用或已过期。', en: 'The ticket is not valid, was used already or has expired.' },
  'sign-in-first': { zh: '第一条消息必须是 sign-in-here。', en: 'The first message must be sign-in-here.' },
  'signed-in-already': { zh: '此连接已登录。', en: 'This socket is signed in already.' },
  'too-fast': { zh: '消息太频繁，请稍后再发。', en: 'Too many messages; slow down.' },
  'too-many-open': { zh: '还有太多命令未完成。', en: 'Too many commands are waiting for their answer.' },
  standby: { zh: '这台服务器处于备用状态，请连接主用服务器。', en: 'This server stands by; sign in at the one that runs the centre.' },
  failed: { zh: '系统出错，请重试。', en: 'Something went wrong on our side; try again.' },
};

export const replacedText: Text = {
  zh: '您的工号已在另一处登录，此页面已断开。',
  en: 'Your agent number was signed in somewhere else; this page is disconnected.',
};
