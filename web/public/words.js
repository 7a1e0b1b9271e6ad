/** Every text of the page, in both languages, and the language chosen. */
const texts = {
  agent: ['工号', 'Agent number'],
  password: ['密码', 'Password'],
  signInPage: ['登录', 'Sign in'],
  signInHint: ['用工号和密码登录坐席工作台', 'Sign in to the agent desktop with your number'],
  leavePage: ['退出', 'Log out'],
  connected: ['已连接', 'Connected'],
  connecting: ['正在重新连接…', 'Reconnecting…'],
  switchDown: ['话务平台连接中断：现有通话不受影响，暂不分配新来电。', 'The phone system is not reachable: calls go on, new ones wait.'],
  elsewhere: ['您的工号已在另一处登录，此页面已断开。', 'Your number was signed in somewhere else; this page is disconnected.'],
  takeBack: ['在此处继续', 'Continue here'],
  myState: ['我的状态', 'My state'],
  offline: ['未签入', 'Signed out'],
  ready: ['示闲', 'Ready'],
  paused: ['示忙', 'Paused'],
  offered: ['来电振铃', 'Ringing'],
  talking: ['通话中', 'On a call'],
  'wrap-up': ['话后处理', 'Wrap-up'],
  'signed-in': ['已签入，尚未示闲', 'Signed in, not ready yet'],
  missed: ['漏接来电', 'Call not answered'],
  rejected: ['拒接来电', 'Call turned away'],
  phone: ['话机', 'Phone'],
  'device-unknown': ['状态未知', 'Unknown'],
  'device-unreachable': ['未注册', 'Not registered'],
  'device-idle': ['空闲', 'Idle'],
  'device-ringing': ['振铃中', 'Ringing'],
  'device-in-call': ['通话中', 'In call'],
  doSignIn: ['签入', 'Start work'],
  doSignOut: ['签出', 'End work'],
  doReady: ['示闲', 'Ready'],
  doPause: ['示忙', 'Pause'],
  doAnswer: ['接听', 'Answer'],
  answerOnPhone: ['请在话机上接听', 'Answer on the phone'],
  doReject: ['拒接', 'Turn away'],
  doHangUp: ['挂断', 'Hang up'],
  doPauseRecording: ['暂停录音', 'Pause recording'],
  doResumeRecording: ['恢复录音', 'Resume recording'],
  doSave: ['提交小结并示闲', 'Save and be ready'],
  doSkip: ['不填小结，直接示闲', 'Ready without saving'],
  pauseWith: ['示忙原因', 'Reason'],
  afterCall: ['通话结束后', 'After the call'],
  afterwards: ['处理完后', 'Afterwards'],
  thenPaused: ['示忙', 'Paused'],
  thenOffline: ['签出', 'Signed out'],
  resting: ['上次来电未接，暂不分配来电', 'The last call was not taken; no calls for'],
  myQueues: ['接听的队列', 'My queues'],
  doAskWrapUp: ['通话后留时间处理', 'Wrap-up afterwards'],
  asksFor: ['申请', 'asks for'],
  doGrant: ['批准', 'Grant'],
  doDeny: ['不批准', 'Deny'],
  askedBreak: ['等待班长批准', 'Waits for a supervisor'],
  doEscalate: ['转给专家', 'To the experts'],
  takeBackThen: ['取消', 'Take back'],
  noCall: ['当前没有来电', 'No call at the moment'],
  noCallHint: ['有来电时，这里会显示客户资料与来电路径。', 'The customer record appears here when a call comes in.'],
  incoming: ['来电', 'Incoming call'],
  inCall: ['通话中', 'On a call'],
  stranger: ['新客户', 'New caller'],
  lookingUp: ['正在查询客户资料…', 'Looking up the customer…'],
  queue: ['队列', 'Queue'],
  language: ['语言', 'Language'],
  zh: ['中文', 'Chinese'],
  en: ['英文', 'English'],
  waited: ['已等待', 'Waited'],
  pathTaken: ['来电路径', 'Path through the menu'],
  collected: ['采集信息', 'Collected'],
  note: ['备注', 'Note'],
  earlier: ['历史来电', 'Earlier contacts'],
  noEarlier: ['没有历史来电', 'None'],
  byAgent: ['工号', 'Agent'],
  unanswered: ['未接通', 'Not answered'],
  recordingOn: ['录音中', 'Recording'],
  recordingPaused: ['录音已暂停', 'Recording paused'],
  recordingFailed: ['录音失败', 'Not recorded'],
  wrapUpFor: ['通话小结', 'Call summary'],
  disposition: ['小结分类', 'Disposition'],
  chooseOne: ['请选择…', 'Choose…'],
  noteHint: ['补充说明（可不填）', 'Anything to add (optional)'],
  saved: ['已保存', 'Saved'],
  queues: ['实时队列', 'Live queues'],
  queueClosed: ['已关闭', 'Closed'],
  doClose: ['关闭', 'Close'],
  doReopen: ['重新开放', 'Open again'],
  whyClose: ['紧急关闭此队列，不再接入新来电。原因：', 'Close this queue at once: no new callers. Reason:'],
  waiting: ['等待', 'Waiting'],
  callbacks: ['待回拨', 'To call back'],
  longest: ['最长等待', 'Longest wait'],
  colReady: ['示闲', 'Ready'],
  colBusy: ['通话', 'On calls'],
  colWrapUp: ['话后', 'Wrap-up'],
  colPaused: ['示忙', 'Paused'],
  colOffline: ['离线', 'Away'],
  noQueues: ['没有所属队列', 'You belong to no queue'],
  agents: ['坐席', 'Agents'],
  name: ['姓名', 'Name'],
  team: ['班组', 'Team'],
  state: ['状态', 'State'],
  since: ['时长', 'For'],
  contacts: ['进行中的来电', 'Contacts now'],
  caller: ['主叫', 'Caller'],
  where: ['位置', 'Where'],
  'in-flow': ['语音流程', 'In the menu'],
  callbackContact: ['待回拨', 'To be called back'],
  incomingCallback: ['回拨：请先接听', 'Callback: answer, and we dial'],
  diallingContact: ['回拨中', 'Being called back'],
  doWithdraw: ['取消回拨', 'Cancel'],
  'waiting-contact': ['排队中', 'Waiting'],
  'offered-contact': ['振铃中', 'Ringing'],
  connectedContact: ['通话中', 'Talking'],
  transferring: ['转接中', 'Being transferred'],
  transferred: ['已转接', 'Transferred'],
  nobody: ['暂无', 'None'],
  offlineServer: ['连接不到服务器，请稍后重试。', 'The server cannot be reached; try again shortly.'],
};

let language = localStorage.getItem('rexian-language') ?? (navigator.language.startsWith('zh') ? 'zh' : 'en');

export const currentLanguage = () => language;

export function chooseLanguage(next) {
  language = next;
  localStorage.setItem('rexian-language', next);
}

export function say(key) {
  const text = texts[key];
  if (!text) throw new Error(`no text for ${key}`);
  return text[language === 'zh' ? 0 : 1];
}

/** A text that came from the server with both languages in it. */
export const pick = (text) => text[language];

export function saySpan(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (value) => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  return `${hours > 0 ? `${hours}:` : ''}${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

export const sayDate = (ms) =>
  new Date(ms).toLocaleString(language === 'zh' ? 'zh-CN' : 'en-GB', { month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' });
