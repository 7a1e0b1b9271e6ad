// The stage's centre: as many agents as asked for, all in one queue, and numbers that lead straight into it.

import { editedConfig, type Edits } from './edited-config.ts';

/** What to dial for a place in the queue `line`, by its priority. 4000 is the sample's own menu. */
export const straight = { low: '5000', middle: '5010', high: '5020' } as const;
const priorities = { [straight.low]: 0, [straight.middle]: 10, [straight.high]: 20 };
export const line = 'line';
const firstAgent = 3001;

export interface CentreFiles {
  /** Agents of the stage, beside the sample's own few; at most 6,000. */
  readonly agents: number;
  readonly ringSeconds?: number;
  readonly wrapUpMs?: number;
  readonly edits?: Edits;
  readonly flows?: Readonly<Record<string, string>>;
}

export const agentIds = (count: number): string[] => Array.from({ length: count }, (_, index) => String(firstAgent + index));

/** A folder of its own; whoever asked removes it. */
export function centreFiles({ agents, ringSeconds = 60, wrapUpMs = 0, edits = {}, flows = {} }: CentreFiles): Promise<string> {
  const people = Object.fromEntries(agentIds(agents).map((id) => [id, { name: { zh: `坐席 ${id}`, en: `Agent ${id}` }, team: 'stage', queues: [line], skills: { lang_zh: 5 } }]));
  const queue = { name: { zh: '舞台', en: 'Stage' }, needs: 'lang_zh', ring: `${ringSeconds}s`, wrapUp: { time: `${wrapUpMs}ms`, mode: 'time-boxed' }, serviceLevel: '15s' };
  const own: Edits = {
    'centre.yaml': { ...Object.fromEntries(Object.keys(priorities).map((number) => [`numbers/${number}`, `straight-${number}`])), 'backOff/busy': '1s', 'backOff/unreachable': '1s', 'admission/callsPerSecond': 10_000 },
    'queues.yaml': { [line]: queue },
    'agents.yaml': people,
  };
  const straightFlows = Object.fromEntries(Object.entries(priorities).map(([number, priority]) => [`straight-${number}`, `start: line\nnodes:\n  line: { queue: ${line}, priority: ${priority} }\n`]));
  return editedConfig([own, edits], { ...straightFlows, ...flows });
}
