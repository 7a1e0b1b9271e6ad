/** Each option of queues.conf: what it becomes here, and what is to be said of it. */
import type { Text } from '../../base/text.ts';

export type Taken = Readonly<Record<string, unknown>>;

export interface Option {
  /** Fields of a queue in queues.yaml. */
  readonly take?: Taken;
  /** Absent: it means the same here. */
  readonly text?: Text;
}

export function optionOf(name: string, value: string): Option {
  const row = rows[name];
  if (row === undefined) return { text: { zh: '未知选项', en: 'an option that we do not know' } };
  return typeof row === 'function' ? row(value) : row;
}

const isYes = (value: string): boolean => /^(yes|true|on|1|y|t|all|strict|loose)$/i.test(value);
const none = (zh: string, en: string): Option => ({ text: { zh: `无对应功能：${zh}`, en: `no equivalent: ${en}` } });
const same: Option = {};
/** Off is what we do; on is what we do not. */
const unlessOff = (zh: string, en: string) => (value: string): Option => (isYes(value) ? none(zh, en) : same);

/** A number of seconds for a field that takes a duration between two others. */
function seconds(value: string, min: number, max: number, take: (text: string) => Taken): Option {
  const wanted = Number(value);
  if (!Number.isFinite(wanted) || wanted < 0) return { text: { zh: '不是秒数', en: 'not a number of seconds' } };
  const given = Math.min(max, Math.max(min, wanted));
  if (given === wanted) return { take: take(`${given}s`) };
  return { take: take(`${given}s`), text: { zh: `改为 ${given} 秒（${min} 到 ${max}）`, en: `it is ${given} s here, from ${min} to ${max}` } };
}

function whole(value: string, min: number, max: number, take: (number: number) => Taken): Option {
  const wanted = Number(value);
  if (!Number.isInteger(wanted)) return { text: { zh: '不是整数', en: 'not a whole number' } };
  const given = Math.min(max, Math.max(min, wanted));
  return given === wanted ? { take: take(given) } : { take: take(given), text: { zh: `改为 ${given}`, en: `it is ${given} here` } };
}

const prompts = none('播报词句：可在 prompts.yaml 替换同类提示音', 'a sound of the announcements: prompts.yaml may replace ours');
const variables = unlessOff('通道变量；请用座席桌面、事件或报表', 'channel variables; the desktop, events and reports tell');
const counting = none('日志与统计的细节；请看报表', 'a detail of logs and statistics; see the reports');

const strategies: Readonly<Record<string, Option>> = {
  leastrecent: same,
  ringall: { take: { strategy: 'ring-all' } },
  rrmemory: { take: { strategy: 'round-robin' } },
  roundrobin: { take: { strategy: 'round-robin' } },
  rrordered: { take: { strategy: 'round-robin-ordered' } },
  linear: { take: { strategy: 'linear' } },
  random: { take: { strategy: 'random' } },
  fewestcalls: { take: { strategy: 'fewest-calls' }, text: { zh: '通数按签入以来、所有队列计算', en: 'calls are counted since the sign-in, over all queues' } },
  wrandom: { take: { strategy: 'weighted-random' }, text: { zh: 'penalty 成为级别；权重请写在 agents.yaml 的 weight', en: 'penalties become levels: give the weights in agents.yaml' } },
};

const rows: Readonly<Record<string, Option | ((value: string) => Option)>> = {
  musicclass: (value) => (/^[A-Za-z0-9_-]{1,64}$/.test(value) ? { take: { whileWaiting: { music: value } } } : none('音乐类名不合规则', 'not the name of a music class here')),
  timeout: (value) => (value === '0' ? { take: { ring: '5m' }, text: { zh: '无限振铃改为最长 5 分钟', en: 'a phone rings for 5 min at most' } } : seconds(value, 3, 300, (ring) => ({ ring }))),
  wrapuptime: (value) => seconds(value, 0, 3_600, (time) => ({ wrapUp: { time } })),
  servicelevel: (value) => (value === '0' ? same : seconds(value, 1, 3_600, (serviceLevel) => ({ serviceLevel }))),
  weight: (value) => {
    const { take, text } = whole(value, 0, 1_000, (priority) => ({ priority }));
    if (value === '0' || take === undefined) return { ...(text === undefined ? {} : { text }) };
    return { take, text: { zh: '成为 priority：总是优先，而不只在座席不够时', en: 'becomes the priority, which goes first always and not only where agents are short' } };
  },
  maxlen: (value) => (value === '0' ? { take: { maxWaiting: 100_000 } } : whole(value, 1, 100_000, (maxWaiting) => ({ maxWaiting }))),
  'monitor-format': { take: { record: 'always' } },
  'monitor-type': (value) => (/^mixmonitor$/i.test(value) ? same : none('录音总是双声道 WAV', 'recordings are stereo WAV always')),
  strategy: (value) => strategies[value.toLowerCase()] ?? { text: { zh: '没有对应策略，改为最长空闲（leastrecent）', en: 'no such strategy: the longest idle agent is rung (leastrecent)' } },
  autopause: (value) => (isYes(value) ? same : { text: { zh: '未接的座席总会置忙（missed）', en: 'an agent who does not answer is always paused (missed)' } }),
  autofill: (value) => (isYes(value) ? same : none('空闲座席总会立即接到来电', 'free agents always get callers at once')),
  ringinuse: unlessOff('通话中的座席不会再振铃', 'an agent on a call is not rung'),
  shared_lastcall: (value) => (isYes(value) ? same : { text: { zh: '空闲与话后处理总是跨队列计算', en: 'idle time and wrap-up always count over all queues' } }),
  persistentmembers: same,
  force_longest_waiting_caller: (value) => (isYes(value) ? { text: { zh: '跨队列先看 priority，再看等待时长', en: 'across queues the priority goes first, then the age' } } : same),
  negative_penalty_invalid: same,
  penaltymemberslimit: none('penalty', 'penalties'),
  defaultrule: none('penalty 规则', 'penalty rules'),
  context: none('等待中按键离开：请在流程的 queue 节点写 keys', 'leaving by key while waiting: write keys in the flow’s queue node'),
  retry: none('没有重试间隔，座席空闲即振铃', 'no pause between rings: a free agent is rung at once'),
  timeoutpriority: none('没有 Queue() 应用的时限', 'there is no time limit of a Queue() application'),
  timeoutrestart: same,
  autopausedelay: none('未接即置忙', 'a missed call pauses at once'),
  autopausebusy: unlessOff('话机忙时暂不振铃（backOff.busy）', 'a busy phone is left alone for a while (backOff.busy)'),
  autopauseunavail: unlessOff('话机不可达时暂不振铃（backOff.unreachable）', 'an unreachable phone is left alone for a while (backOff.unreachable)'),
  memberdelay: (value) => (value === '0' ? same : none('接听后立即接通', 'talks are connected at once')),
  reportholdtime: (value) => (isYes(value) ? { take: { whisper: true } } : same),
  announce: { take: { whisper: true }, text: { zh: '接通前向座席播报队列名与等待时长，而非该文件', en: 'before the talk the agent hears the queue’s name and the wait, and not this file' } },
  'min-announce-frequency': none('位置变化不另行播报', 'a change of place is not said by itself'),
  'announce-to-first-user': (value) => (isYes(value) ? same : none('第一位也会播报', 'the first in line is told too')),
  'announce-round-seconds': (value) => (value === '0' ? same : none('预计等待按整分钟播报', 'the estimate is said in whole minutes')),
  'periodic-announce-startdelay': none('第一次安抚语在一个间隔之后', 'the first comes after one interval'),
  'relative-periodic-announce': same,
  'queue-callerannounce': prompts, 'queue-youarenext': prompts, 'queue-thereare': prompts, 'queue-callswaiting': prompts, 'queue-quantity1': prompts, 'queue-quantity2': prompts, 'queue-holdtime': prompts, 'queue-minute': prompts,
  'queue-minutes': prompts, 'queue-seconds': prompts, 'queue-thankyou': prompts, 'queue-reporthold': prompts,
  setinterfacevar: variables, setqueueentryvar: variables, setqueuevar: variables, membergosub: none('接通后的拨号方案', 'dialplan after the answer'), membermacro: none('接通后的拨号方案', 'dialplan after the answer'),
  'log-caller-id-name': counting, 'log-restricted-caller-id': counting, log_membername_as_agent: counting, log_unpause_on_reason_change: counting, enable_cidname_logging: counting,
};
