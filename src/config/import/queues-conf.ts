/** Asterisk's queues.conf and queuerules.conf → our queues and agents, with all that could not be taken over. */
import type { Text } from '../../base/text.ts';
import { levelMax } from '../agent-queues.ts';
import type { Conf, Note, Section, Setting } from './asterisk-conf.ts';
import { namer } from './names.ts';
import { optionOf } from './queue-options.ts';
import type { Taken } from './queue-options.ts';

export interface Imported {
  /** As queues.yaml and agents.yaml are written. */
  readonly queues: Readonly<Record<string, object>>;
  readonly agents: Readonly<Record<string, object>>;
  /** What has no equivalent, or one that is not quite the same; in the order of the files. */
  readonly notes: readonly Note[];
}

export function importQueues(queues: Conf, rules: Conf | undefined): Imported {
  const notes: Note[] = [...queues.notes, ...(rules?.notes ?? [])];
  const nameOf = namer();
  const people = membersOf();
  const general = queues.sections.find(({ name }) => name === 'general');
  const read = queues.sections.filter(({ name }) => name !== 'general').map((section) => {
    const id = nameOf(section.name);
    if (id !== section.name) notes.push({ at: section.at, text: { zh: `队列 [${section.name}] 改名为 ${id}`, en: `the queue [${section.name}] is called ${id} here` } });
    for (const setting of section.settings) if (setting.name === 'member') people.add(setting, id, notes);
    return [id, queueOf(section, notes)] as const;
  });
  for (const { name, value, at } of general?.settings ?? []) {
    const { text } = optionOf(name, value);
    if (text !== undefined) notes.push({ at, text: withOption(name, value, text) });
  }
  for (const section of rules?.sections ?? []) {
    for (const { name, value, at } of section.settings) {
      if (name === 'penaltychange') notes.push({ at, text: { zh: `[${section.name}] 的 ${name} => ${value}：暂无对应功能（随等待放宽条件）`, en: `[${section.name}] ${name} => ${value}: no equivalent yet (needs that widen while a caller waits)` } });
    }
  }
  return { queues: Object.fromEntries(read), agents: people.all(), notes: inOrder(notes) };
}

/** By their places; what a template brings to many queues is said once. */
function inOrder(notes: readonly Note[]): Note[] {
  const files = [...new Set(notes.map(({ at }) => at.file))];
  const once = [...new Map(notes.map((note) => [`${note.at.file}:${note.at.line}:${note.text.en}`, note])).values()];
  return once.sort((a, b) => files.indexOf(a.at.file) - files.indexOf(b.at.file) || a.at.line - b.at.line);
}

function queueOf(section: Section, notes: Note[]): object {
  const last = new Map<string, Setting>();
  for (const setting of section.settings) if (setting.name !== 'member') last.set(setting.name, setting);
  // Of app_queue only a queue with a format records; ours do unless told not to.
  let queue: Taken = { name: { zh: section.name, en: section.name }, record: 'never' };
  for (const { name, value, at } of last.values()) {
    const { take, text } = optionOf(name, value);
    if (take !== undefined) queue = { ...queue, ...take };
    if (text !== undefined) notes.push({ at, text: withOption(name, value, text) });
  }
  return queue;
}

const withOption = (name: string, value: string, { zh, en }: Text): Text => ({ zh: `${name} = ${value}：${zh}`, en: `${name} = ${value}: ${en}` });

interface Member {
  readonly name: Text;
  readonly levels: Map<string, number>;
  readonly wrapUp?: { readonly time: string };
}

/** One agent for each interface, in all the queues of which it is a member. */
function membersOf() {
  const agents = new Map<string, Member>();
  const numbers = new Map<string, string>();
  return {
    add: ({ value, at }: Setting, queue: string, notes: Note[]): void => {
      const [device = '', penalty = '', given = '', state = '', ringInUse = '', wrapUp = ''] = value.split(',').map((part) => part.trim());
      const number = numbers.get(device) ?? freeNumber(device, state, agents);
      if (!numbers.has(device) && !device.endsWith(`/${number}`)) notes.push({ at, text: { zh: `${device} 的工号为 ${number}`, en: `${device} has the number ${number} here` } });
      numbers.set(device, number);
      const name = given === '' ? number : given;
      const agent: Member = agents.get(number) ?? { name: { zh: name, en: name }, levels: new Map() };
      agents.set(number, agent);
      // Lower penalties first, as our levels are; ours begin at 1.
      if (!agent.levels.has(queue)) agent.levels.set(queue, Math.min(1 + Math.max(0, Number(penalty) || 0), levelMax));
      const lost = (zh: string, en: string): void => void notes.push({ at, text: { zh: `${number}：${zh}`, en: `${number}: ${en}` } });
      if (Number(penalty) >= levelMax) lost(`penalty ${penalty} 超过级别上限，按 ${levelMax} 处理`, `penalty ${penalty} is past our levels; it is level ${levelMax} here`);
      if (ringInUse === 'yes') lost('ringinuse：通话中的座席不会再振铃', 'ringinuse: an agent on a call is not rung');
      const own = /^\d{1,4}$/.test(wrapUp) ? { time: `${wrapUp}s` } : undefined;
      if (own !== undefined && agent.wrapUp !== undefined && agent.wrapUp.time !== own.time) lost(`话后处理 ${wrapUp} 秒：座席只有一个时长，保留 ${agent.wrapUp.time}`, `a wrap-up of ${wrapUp} s: an agent has one for all queues, and keeps ${agent.wrapUp.time}`);
      else if (own !== undefined) agents.set(number, { ...agent, wrapUp: own });
    },
    all: (): Record<string, object> => Object.fromEntries([...agents].map(([number, { levels, ...agent }]) => [number, { ...agent, queues: [...levels.values()].every((level) => level === 1) ? [...levels.keys()] : Object.fromEntries(levels) }])),
  };
}

/** The number in `PJSIP/1001` or `Local/1001@agents`, else the first free one. */
function freeNumber(device: string, state: string, taken: ReadonlyMap<string, unknown>): string {
  const written = [device, state].map((text) => /(?:^|[^0-9])(\d{3,6})(?=$|[^0-9])/.exec(text)?.[1]).find((number) => number !== undefined && !taken.has(number));
  if (written !== undefined) return written;
  let free = 900_001;
  while (taken.has(String(free))) free += 1;
  return String(free);
}
