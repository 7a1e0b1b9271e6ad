/** What each agent has a part in. */
import type { AgentId, QueueId } from '../base/ids.ts';
import type { Centre } from './model.ts';
import type { Pool } from './pools.ts';
import type { Part } from './strategies.ts';

/** An agent's part in a queue. `pool`: of those who meet what everybody there asks first; absent where the agent does not. */
export interface Duty extends Part {
  readonly pool?: Pool;
}

/** In the queues that the agent is signed in to. */
export function dutiesOf({ floor, agents }: Centre, id: AgentId): readonly Duty[] {
  const duties = floor.duties.get(id) ?? [];
  const outOf = agents.get(id)?.outOf;
  return outOf === undefined ? duties : duties.filter(({ queue }) => !outOf.includes(queue));
}
export const dutyIn = (centre: Centre, id: AgentId, queue: QueueId): Duty | undefined => dutiesOf(centre, id).find((duty) => duty.queue === queue);
