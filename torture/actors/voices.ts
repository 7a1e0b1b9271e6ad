// A caller and an agent who really speak, for what is to be heard or recorded; the crowds' phones are silent.

import { join } from 'node:path';
import { startPhone, type Phone } from '../../runtime/phone.ts';
import type { Desktop } from '../../runtime/desktop.ts';
import type { Stage } from '../../stage/stage.ts';
import { straight } from '../../stage/centre-files.ts';

export interface Voices {
  readonly caller: Phone;
  readonly agent: Phone;
  readonly desktop: Desktop;
  /** The agent signs out, the phones are gone. */
  leave(): Promise<void>;
}

/** The caller goes before all who wait, and the agent answers by itself. Resolves when they talk. */
export async function speak(stage: Stage, agent: string, number = '13900000001'): Promise<Voices> {
  const { programs, sipHost: host, sipPort: port, secrets } = stage.runtime;
  const folder = await stage.folder('voices');
  const common = { programs, server: { host, port } };
  const phone = await startPhone({ ...common, folder: join(folder, 'agent'), user: agent, password: secrets.agents[agent]?.sip ?? '', answer: 'auto', tone: 700 });
  stage.releaseLater(() => phone.stop());
  await phone.waitFor('registered');
  const caller = await startPhone({ ...common, folder: join(folder, 'caller'), user: number, tone: 1_200 });
  stage.releaseLater(() => caller.stop());
  await caller.dial(straight.high);
  await caller.waitFor('established');
  const [desktop] = await stage.ready([agent]);
  if (desktop === undefined) throw new Error(`no desktop for ${agent}`);
  await phone.waitFor('established');
  await desktop.waitFor('my-state', ({ me }) => me.call !== null);
  return {
    caller, agent: phone, desktop,
    leave: async () => {
      const again = await stage.desktop(agent);
      await again.command({ type: 'sign-out' });
      await again.close();
      await Promise.all([caller.stop(), phone.stop()]);
    },
  };
}
