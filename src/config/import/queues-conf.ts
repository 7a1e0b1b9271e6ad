/** Asterisk's queues.conf and queuerules.conf → our queues and agents, with all that could not be taken over. */
import type { Text } from '../../base/text.ts';
import { levelMax } from '../agent-queues.ts';
import type { Conf, Note, Section, Setting } from './asterisk-conf.ts';
import { namer } from './names.ts';
import { optionOf } from './queue-options.ts';
import type { Taken } from './queue-options.ts';
import { waitingOf, waitingOptions } from './queue-waiting.ts';

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
    const queue = queueOf(section, notes);
    // These ring by the order in which the members are written.
    const ordered = queue['strategy'] === 'linear' || queue['strategy'] === 'round-robin-ordered';
    for (const [index, setting] of section.settings.filter(({ name }) => name === 'member').entries()) people.add(setting, id, notes, ordered ? Math.min(index + 1, levelMax) : undefined);
    return [id, queue] as const;
  });
  for (const { name, value, at } of general?.settings ?? []) {
    const { text } = waitingOptions.has(name) ? {} : optionOf(name, value);
    if (text !== undefined) notes.push({ at, text: withOption(name, value, text) });
  }
  for (const section of rules?.sections ?? []) {
    for (const { name, value, at } of section.settings) {
      if (name === 'penaltychange') notes.push({ at, text: { zh: `[${section.name}] 的 ${name} => ${value}：没有逐条对应；请用 levelWait 按等待时长逐级放宽`, en: `[${section.name}] ${name} => ${value}: not taken over; levelWait rings further levels after a longer wait` } });
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

function queueOf(section: Section, notes: Note[]): Taken {
  const last = new Map<string, Setting>();
  for (const setting of section.settings) if (setting.name !== 'member') last.set(setting.name, setting);
  // Of app_queue only a queue with a format records; ours do unless told not to.
  let queue: Taken = { name: { zh: section.name, en: section.name }, record: 'never' };
  for (const { name, value, at } of last.values()) {
    if (waitingOptions.has(name)) continue;
    const { take, text } = optionOf(name, value);
    if (take !== undefined) queue = { ...queue, ...take };
    if (text !== undefined) notes.push({ at, text: withOption(name, value, text) });
  }
  const waiting = waitingOf(new Map([...last.values()].map(({ name, value }) => [name, value])));
  for (const [option, text] of waiting.texts) {
    const setting = last.get(option);
    if (setting !== undefined) notes.push({ at: setting.at, text: withOption(option, setting.value, text) });
  }
  const { whileWaiting, ...more } = waiting.take;
  return { ...queue, ...more, ...((queue['whileWaiting'] ?? whileWaiting) !== undefined && { whileWaiting: { ...asTaken(queue['whileWaiting']), ...asTaken(whileWaiting) } }) };
}

/** Fields of a field. */
const asTaken = (value: unknown): Taken => (typeof value === 'object' && value !== null ? { ...value } : {});

const withOption = (name: string, value: string, { zh, en }: Text): Text => ({ zh: `${name} = ${value}：${zh}`, en: `${name} = ${value}: ${en}` });

interface Member {
  readonly name: Text;
  readonly places: Map<string, { readonly level: number; readonly position?: number }>;
  readonly wrapUp?: { readonly time: string };
}

/** One agent for each interface, in all the queues of which it is a member. */
function membersOf() {
  const agents = new Map<string, Member>();
  const numbers = new Map<string, string>();
  return {
    add: ({ value, at }: Setting, queue: string, notes: Note[], position?: number): void => {
      const [device = '', penalty = '', given = '', state = '', ringInUse = '', wrapUp = ''] = value.split(',').map((part) => part.trim());
      const number = numbers.get(device) ?? freeNumber(device, state, agents);
      if (!numbers.has(device) && !device.endsWith(`/${number}`)) notes.push({ at, text: { zh: `${device} 的工号为 ${number}`, en: `${device} has the number ${number} here` } });
      numbers.set(device, number);
      const name = given === '' ? number : given;
      const agent: Member = agents.get(number) ?? { name: { zh: name, en: name }, places: new Map() };
      agents.set(number, agent);
      // Lower penalties first, as our levels are; ours begin at 1.
      if (!agent.places.has(queue)) agent.places.set(queue, { level: Math.min(1 + Math.max(0, Number(penalty) || 0), levelMax), ...(position === undefined ? {} : { position }) });
      const lost = (zh: string, en: string): void => void notes.push({ at, text: { zh: `${number}：${zh}`, en: `${number}: ${en}` } });
      if (Number(penalty) >= levelMax) lost(`penalty ${penalty} 超过级别上限，按 ${levelMax} 处理`, `penalty ${penalty} is past our levels; it is level ${levelMax} here`);
      if (ringInUse === 'yes') lost('ringinuse：通话中的座席不会再振铃', 'ringinuse: an agent on a call is not rung');
      const own = /^\d{1,4}$/.test(wrapUp) ? { time: `${wrapUp}s` } : undefined;
      if (own !== undefined && agent.wrapUp !== undefined && agent.wrapUp.time !== own.time) lost(`话后处理 ${wrapUp} 秒：座席只有一个时长，保留 ${agent.wrapUp.time}`, `a wrap-up of ${wrapUp} s: an agent has one for all queues, and keeps ${agent.wrapUp.time}`);
      else if (own !== undefined) agents.set(number, { ...agent, wrapUp: own });
    },
    all: (): Record<string, object> => Object.fromEntries([...agents].map(([number, { places, ...agent }]) => [number, { ...agent, queues: queuesOf(places) }])),
  };
}

/** As short as agents.yaml lets it be. */
function queuesOf(places: Member['places']): readonly string[] | object {
  const all = [...places];
  if (all.every(([, { level, position }]) => level === 1 && position === undefined)) return all.map(([queue]) => queue);
  return Object.fromEntries(all.map(([queue, { level, position }]) => [queue, position === undefined ? level : { level, position }]));
}

/** The number in `PJSIP/1001` or `Local/1001@agents`, else the first free one. */
function freeNumber(device: string, state: string, taken: ReadonlyMap<string, unknown>): string {
  const written = [device, state].map((text) => /(?:^|[^0-9])(\d{3,6})(?=$|[^0-9])/.exec(text)?.[1]).find((number) => number !== undefined && !taken.has(number));
  if (written !== undefined) return written;
  let free = 900_001;
  while (taken.has(String(free))) free += 1;
  return String(free);
}
