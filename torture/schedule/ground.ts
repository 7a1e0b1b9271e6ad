/** The stage of a random schedule: numbers into the line by every way, agents of every kind, wires that can be hurt. */
import type { Farm } from '../../stage/farm.ts';
import { line, straight } from '../../stage/centre-files.ts';
import type { Stage, StageOptions } from '../../stage/stage.ts';
import { oddPhones } from '../actors/odd-phones.ts';
import type { Way } from './plan.ts';

const agents = 12;
/** Two of the sample's people, outside the line: a flow transfers to them, and one has no phone. */
const manager = '2001';
const nobody = '1001';
export const talkMs = 1_500;
const ringMs = 100;

export const numbers: Readonly<Record<Way, string>> = { ...straight, menu: '4000', manager: '5030', nobody: '5040' };

export const scheduleStage: StageOptions = {
  agents, ringSeconds: 3, wrapUpMs: 300, wires: ['ari', 'ami'],
  // A Postgres that is killed must have what it said it had: a row lost with it would be taken for one of ours.
  runtime: { durable: true },
  edits: {
    'centre.yaml': { [`numbers/${numbers.manager}`]: 'manager', [`numbers/${numbers.nobody}`]: 'nobody' },
    'flows/hotline.yaml': {
      'nodes/billing': { queue: line }, 'nodes/faults': { queue: line, priority: 5 }, 'nodes/operator': { queue: line, priority: 10 },
      'nodes/menu/timeout': { after: '1s', tries: 1, then: 'operator' },
    },
  },
  flows: {
    manager: `start: manager\nnodes:\n  manager: { transfer: ${manager}, timeout: 5s, failed: line }\n  line: { queue: ${line} }\n`,
    nobody: `start: nobody\nnodes:\n  nobody: { transfer: ${nobody}, timeout: 5s, failed: line }\n  line: { queue: ${line}, priority: 10 }\n`,
  },
};

export interface House {
  readonly farms: readonly Farm[];
  /** Those whose phones answer. */
  readonly willing: readonly string[];
}

/** Most answer; one is busy, one declines, one lets it ring. */
export async function openHouse(stage: Stage): Promise<House> {
  const [busy = '', declines = '', rings = '', ...willing] = stage.agents;
  const script = { ringMs, talkMs, speaking: true };
  const farms: Farm[] = [await stage.phones([...willing, manager], script)];
  for (const [agent, kind] of [[busy, 'busy'], [declines, 'declines'], [rings, 'rings-for-ever']] as const) farms.push(await stage.phones([agent], oddPhones[kind]()));
  return { farms, willing };
}
