/** What a queue of app_queue says to those who wait, and when it counts as empty: several options together are one rule here. */
import type { Text } from '../../base/text.ts';
import { namer } from './names.ts';
import type { Taken } from './queue-options.ts';

export interface Waiting {
  /** Fields of a queue in queues.yaml. */
  readonly take: Taken;
  /** Option → what is to be said of it. */
  readonly texts: ReadonlyMap<string, Text>;
}

/** The options that are read here; none of them means anything alone. */
export const waitingOptions: ReadonlySet<string> = new Set([
  'joinempty', 'leavewhenempty', 'announce-frequency', 'announce-position', 'announce-position-limit', 'announce-position-only-up', 'announce-holdtime',
  'periodic-announce', 'periodic-announce-frequency', 'random-periodic-announce',
]);

export function waitingOf(options: ReadonlyMap<string, string>): Waiting {
  const texts = new Map<string, Text>();
  const empty = { ...emptyWhen(options, 'joinempty', 'joining', texts), ...emptyWhen(options, 'leavewhenempty', 'waiting', texts) };
  const [place, comfort] = [placeOf(options, texts), comfortOf(options, texts)];
  const whileWaiting = { ...(place && { place }), ...(comfort && { comfort }) };
  return { take: { ...(Object.keys(empty).length > 0 && { empty }), ...(Object.keys(whileWaiting).length > 0 && { whileWaiting }) }, texts };
}

/** Asterisk's word for a member who cannot answer → ours. */
const reasons: Readonly<Record<string, string>> = { paused: 'paused', penalty: 'unskilled', inuse: 'talking', ringing: 'ringing', unavailable: 'unreachable', invalid: 'offline', unknown: 'unknown', wrapup: 'wrap-up' };
const loose = ['penalty', 'invalid'];
const plain = [...loose, 'paused'];
const strict = [...plain, 'unavailable'];
const isYes = (value: string): boolean => /^(yes|true|on|1|y|t)$/i.test(value);
const isNo = (value: string): boolean => /^(no|false|off|0|n|f)$/i.test(value);

function emptyWhen(options: ReadonlyMap<string, string>, option: 'joinempty' | 'leavewhenempty', when: 'joining' | 'waiting', texts: Map<string, Text>): Taken {
  const value = options.get(option);
  if (value === undefined) return {};
  let members: readonly string[] = [];
  for (const word of value.toLowerCase().split(',').map((part) => part.trim())) {
    if (word === 'loose') members = loose;
    else if (word === 'strict') members = strict;
    else if (isYes(word) || isNo(word)) members = isNo(word) === (option === 'joinempty') ? plain : [];
    else if (reasons[word] !== undefined) members = [...members, word];
    else texts.set(option, { zh: `不认识 ${word}`, en: `${word} is not known` });
  }
  if (members.length === 0) return {};
  // A member who is logged off never counts there; here that is one of the reasons.
  return { [when]: [...new Set([...members.map((word) => reasons[word] ?? word), 'offline'])] };
}

/** Nothing is said unless there is a frequency; then at once, and each time after it. */
function placeOf(options: ReadonlyMap<string, string>, texts: Map<string, Text>): Taken | undefined {
  const every = often(options, 'announce-frequency', texts);
  if (every === undefined) {
    for (const option of ['announce-position', 'announce-holdtime']) if (options.has(option) && !isNo(options.get(option) ?? '')) texts.set(option, { zh: '没有 announce-frequency，因此从不播报', en: 'never said, without an announce-frequency' });
    return undefined;
  }
  const position = options.get('announce-position')?.toLowerCase() ?? 'yes';
  const limit = Number(options.get('announce-position-limit') ?? 5);
  const holdTime = options.get('announce-holdtime')?.toLowerCase() ?? 'no';
  const limited = position === 'limit' || position === 'more';
  return {
    first: '1s', every,
    position: limited ? position : isNo(position) ? 'no' : 'yes',
    ...(limited && Number.isInteger(limit) && limit >= 1 && limit <= 999 && { limit }),
    ...(isYes(options.get('announce-position-only-up') ?? 'no') && { onlyUp: true }),
    ...(holdTime === 'once' ? { estimate: 'once' } : isYes(holdTime) && { estimate: 'yes' }),
  };
}

function comfortOf(options: ReadonlyMap<string, string>, texts: Map<string, Text>): Taken | undefined {
  const every = often(options, 'periodic-announce-frequency', texts);
  const files = (options.get('periodic-announce') ?? '').split(',').map((file) => file.trim()).filter((file) => file !== '');
  if (every === undefined) {
    if (files.length > 0) texts.set('periodic-announce', { zh: '没有 periodic-announce-frequency，因此从不播报', en: 'never said, without a periodic-announce-frequency' });
    return undefined;
  }
  const nameOf = namer();
  const prompts = files.map((file) => nameOf(file.split('/').at(-1) ?? file)).slice(0, 20);
  if (files.length > 0) texts.set('periodic-announce', { zh: `请在 prompts.yaml 中加入提示音 ${prompts.join('、')}（原为 Asterisk 的声音文件）`, en: `add ${prompts.join(', ')} to prompts.yaml: they were sound files of Asterisk` });
  return { prompts: prompts.length > 0 ? prompts : ['all-busy'], every, ...(isYes(options.get('random-periodic-announce') ?? 'no') && { order: 'random' }) };
}

function often(options: ReadonlyMap<string, string>, option: string, texts: Map<string, Text>): string | undefined {
  const wanted = Number(options.get(option) ?? 0);
  if (!Number.isFinite(wanted) || wanted < 0) texts.set(option, { zh: '不是秒数', en: 'not a number of seconds' });
  if (!Number.isFinite(wanted) || wanted <= 0) return undefined;
  const given = Math.min(3_600, Math.max(5, wanted));
  if (given !== wanted) texts.set(option, { zh: `改为 ${given} 秒（5 到 3600）`, en: `it is ${given} s here, from 5 to 3600` });
  return `${given}s`;
}
