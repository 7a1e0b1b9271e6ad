// Agents for the length of a case: their phones registered, by kind, signed in at their desktops and ready.

import type { Desktop } from '../../runtime/desktop.ts';
import type { Farm, FarmOptions } from '../../stage/farm.ts';
import type { Stage } from '../../stage/stage.ts';

export interface Shift {
  /** Of the first kind's phones. */
  readonly phonesPort: number;
  /** Agents sign out, their phones are gone. */
  end(): Promise<void>;
}

/** In this order they become ready, so that those named first are rung first. */
export async function beginShift(stage: Stage, kinds: readonly { readonly agents: readonly string[]; readonly script: FarmOptions['script'] }[]): Promise<Shift> {
  const farms: Farm[] = [];
  const desktops: Desktop[] = [];
  for (const { agents, script } of kinds) farms.push(await stage.phones(agents, script));
  for (const { agents } of kinds) desktops.push(...(await stage.ready(agents)));
  return {
    phonesPort: farms[0]?.sipPort ?? 0,
    end: async () => {
      for (const desktop of desktops) {
        await desktop.command({ type: 'sign-out' });
        await desktop.close();
      }
      for (const farm of farms) await farm.stop();
    },
  };
}

/** An agent who talks hangs up, at the desktop of the service that runs now, and takes no more. */
export async function hangUp(stage: Stage, agent: string): Promise<void> {
  const desktop = await stage.desktop(agent);
  await desktop.command({ type: 'pause', reason: 'rest' });
  await desktop.command({ type: 'hang-up' });
  await desktop.close();
}
