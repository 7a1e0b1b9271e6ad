/**
 * What agents hear before a caller is there: the queue's name and the words around the wait. Made only where somebody
 * hears any of it. Any of them can be replaced by a prompt of the same name in prompts.yaml, the tone `beep` too.
 */
import type { Text } from '../base/text.ts';
import type { CentreConfig } from '../config/centre-config.ts';

const around: Readonly<Record<string, Text>> = {
  'waited-before': { zh: '已等待', en: 'waited' },
  'waited-seconds': { zh: '秒', en: 'seconds' },
  'waited-minute': { zh: '分钟', en: 'minute' },
  'waited-minutes': { zh: '分钟', en: 'minutes' },
  'press-1': { zh: '来电，接听请按一。', en: 'call. Press one to answer.' },
};

/** Undefined where nobody hears any. */
export function whisperPrompts({ queues, agents }: Pick<CentreConfig, 'queues' | 'agents'>): Readonly<Record<string, Text>> | undefined {
  const byItself = new Set([...agents.values()].flatMap((agent) => (agent.autoAnswer || agent.mobile ? agent.queues : [])));
  const named = [...queues.values()].filter(({ id, whisper }) => whisper || byItself.has(id));
  return named.length === 0 ? undefined : { ...around, ...Object.fromEntries(named.map(({ id, name }) => [`queue-name-${id}`, name])) };
}
