/** Flows of a few lines, and the calls that go through them one input at a time. */
import { parse as parseYaml } from 'yaml';
import { contactId, legId } from '../../src/base/ids.ts';
import { readCalendars } from '../../src/config/hours-file.ts';
import { readFlow } from '../../src/ivr/flow.ts';
import type { Flow } from '../../src/ivr/flow.ts';
import { begin, react } from '../../src/ivr/interpret.ts';
import type { State, Step } from '../../src/ivr/interpret.ts';
import type { Input, QueueWay, Setting } from '../../src/ivr/visit.ts';
import type { Key, Media, Order } from '../../src/telephony/port.ts';

export const at0 = Date.parse('2026-03-02T10:00:00+08:00');
export const call = { contact: contactId('c-1'), leg: legId('leg-1'), ani: '13800138000', dnis: '4000' };
export const setting: Setting = {
  version: 'v1',
  centre: { timeZone: 'Asia/Shanghai', language: 'zh' },
  calendars: readCalendars({ office: { week: { 'mon-fri': '09:00-18:00' } } }).value,
};

export function flowOf(nodes: string): Flow {
  const raw: unknown = { start: 'start', nodes: parseYaml(nodes) };
  const names = ['hello', 'question', 'again', 'other', 'bye', 'not-understood'];
  const { flow, findings } = readFlow('test', raw, { queue: ['billing', 'general'], prompt: names, calendar: ['office'], agent: ['1001'], trunk: ['carrier'], skill: ['billing', 'lang'], serving: () => [] });
  if (!flow) throw new Error(JSON.stringify(findings));
  return flow;
}

type Said = { readonly [Type in Input['type']]: Omit<Extract<Input, { type: Type }>, 'at' | 'type'> };

/** A call in a flow. Each verb is one input; what it brought is in `step`. */
export class Caller {
  readonly flow: Flow;
  now = at0;
  step: Step;

  readonly setting: Setting;

  constructor(nodes: string, at = at0, its = setting) {
    this.setting = its;
    this.flow = flowOf(nodes);
    this.now = at;
    this.step = begin(this.flow, its, call, at);
  }

  hears(type: 'resumed' | 'transfer-failed'): this {
    return this.input(type, {});
  }

  /** By the key that the caller pressed in line, where there is one. */
  comesBack(why: QueueWay, key?: Key): this {
    return this.input('turned-away', { why, ...(key !== undefined && { key }) });
  }

  presses(keys: string): this {
    for (const key of keys) this.input('key-pressed', { key: key as Key }); // Tests write only keys that exist.
    return this;
  }

  /** The prompt being said comes to its end. */
  listens(ms = 1_000): this {
    this.now += ms;
    const { play } = this.step.live;
    if (play === null) throw new Error('nothing is being said');
    return this.input('play-ended', { play });
  }

  /** Says and presses nothing until the flow does something. */
  waits(): this {
    const { deadline } = this.step.live;
    if (deadline === null) throw new Error('the flow waits for nothing');
    this.now = deadline;
    return this.input('deadline', {});
  }

  input<Type extends Input['type']>(type: Type, said: Said[Type]): this {
    // The two halves of one member of the union.
    this.step = react(this.flow, this.setting, this.state, { type, at: this.now, ...said } as unknown as Input);
    return this;
  }

  get state(): State {
    return this.step;
  }

  /** Orders in short: `play 3 hello+again`. */
  get orders(): string[] {
    return this.step.orders.map(shortOrder);
  }

  get path(): string[] {
    return this.step.path.map(({ node, took }) => `${node}:${took}`);
  }
}

export function shortOrder(order: Order): string {
  if (order.type === 'play') return `play ${numberOf(order.play)} ${order.media.map(shortMedia).join('+')}`;
  return order.type === 'stop-play' ? `stop ${numberOf(order.play)}` : order.type;
}

const numberOf = (play: string): string => play.replace('rx-p-c-1-f', '');
const shortMedia = (media: Media): string => (media.say === 'prompt' ? `${media.name}${media.language === 'en' ? '(en)' : ''}` : media.say === 'digits' ? media.digits : media.say);
