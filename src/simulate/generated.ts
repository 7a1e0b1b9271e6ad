/** Traffic for a configuration that has none yet, as a traffic file: every queue at four fifths of what its agents can do. */
import type { AgentConfig } from '../config/agent-config.ts';
import type { QueueConfig } from '../config/centre-config.ts';
import { meets } from './decider.ts';
import type { Base } from './routing.ts';

export function generatedTraffic({ queues, agents }: Pick<Base, 'queues' | 'agents'>): string {
  const classes = [...queues.values()].map((queue) => {
    const handleSeconds = talkSeconds + queue.wrapUpMs / 1_000;
    const perHour = (load * worth(queue, [...agents.values()], queues) * 3_600) / handleSeconds;
    return `  ${queue.id}: { queue: ${queue.id}, arrivals: { perHour: ${perHour.toFixed(1)} }, talk: { lognormal: { mean: ${talkSeconds}s, cv: 1 } }, patience: { exponential: ${patienceSeconds}s } }`;
  });
  return ['replications: 20', 'warmUp: 30m', 'length: 8h', 'phones: { answer: { exponential: 3s } }', 'classes:', ...classes, ''].join('\n');
}

const load = 0.8;
const talkSeconds = 180;
const patienceSeconds = 120;

/** How many agents a queue has, one who serves several counted in parts. */
function worth(queue: QueueConfig, agents: readonly AgentConfig[], queues: ReadonlyMap<QueueConfig['id'], QueueConfig>): number {
  const serves = ({ skills, queues: theirs }: AgentConfig) => theirs.filter((id) => meets(skills, queues.get(id)?.needs.tree ?? { type: 'anyone' }));
  return agents.map(serves).reduce((sum, theirs) => sum + (theirs.includes(queue.id) ? 1 / theirs.length : 0), 0);
}
