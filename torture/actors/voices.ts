// A caller and an agent who really speak, for what is to be heard or recorded; the crowds' phones are silent.

import { join } from 'node:path';
import { startPhone, type Phone } from '../../runtime/phone.ts';
import { toneSeconds } from '../../runtime/tone.ts';
import { until } from '../../runtime/until.ts';
import type { Desktop } from '../../runtime/desktop.ts';
import type { Stage } from '../../stage/stage.ts';
import { straight } from '../../stage/centre-files.ts';

export interface Voices {
  readonly caller: Phone;
  readonly agent: Phone;
  readonly desktop: Desktop;
  /** Waits until each has heard so much of the other. */
  hear(seconds: number, limitMs?: number): Promise<void>;
  /** The agent signs out, the phones are gone. */
  leave(): Promise<void>;
}

/** What they say, in hertz. */
export const tones = { caller: 1_200, agent: 700 } as const;
/** Of full scale: a tenth of a tone's power, and more than there is at its frequency in the number that is read to both. */
export const loud = 0.01;

/** The caller goes before all who wait, and the agent answers by itself. Resolves when they talk. */
export async function speak(stage: Stage, agent: string, number = '13900000001'): Promise<Voices> {
  const { programs, secrets } = stage.runtime;
  const folder = await stage.folder('voices');
  const common = { programs, server: stage.sip };
  const phone = await startPhone({ ...common, folder: join(folder, 'agent'), user: agent, password: secrets.agents[agent]?.sip ?? '', answer: 'auto', tone: tones.agent });
  stage.releaseLater(() => phone.stop());
  await phone.waitFor('registered');
  const caller = await startPhone({ ...common, folder: join(folder, 'caller'), user: number, tone: tones.caller });
  stage.releaseLater(() => caller.stop());
  await caller.dial(straight.high);
  await caller.waitFor('established');
  const [desktop] = await stage.ready([agent]);
  if (desktop === undefined) throw new Error(`no desktop for ${agent}`);
  await phone.waitFor('established');
  await desktop.waitFor('my-state', ({ me }) => me.call !== null);
  return {
    caller, agent: phone, desktop,
    hear: async (seconds, limitMs = 15_000) => {
      for (const [listener, tone] of [[caller, tones.agent], [phone, tones.caller]] as const) {
        // Nothing is written before the first packet has come.
        const heard = (): Promise<number> => listener.receivedWav().then((wav) => toneSeconds(wav, 0, tone, loud), () => 0);
        await until(async () => ((await heard()) >= seconds || undefined), { limitMs, everyMs: 100, what: `${listener.user} hears ${tone} Hz for ${seconds} s` });
      }
    },
    leave: async () => {
      const again = await stage.desktop(agent);
      await again.command({ type: 'sign-out' });
      await again.close();
      await Promise.all([caller.stop(), phone.stop()]);
    },
  };
}
