// What a supervisor is told, and what the centre says of one agent's talk.

import type { Desktop } from '../../runtime/desktop.ts';
import { until } from '../../runtime/until.ts';
import type { AlarmCode } from '../../src/acd/model.ts';
import type { Stage } from '../../stage/stage.ts';
import { look } from '../seen.ts';

/** The alarm was raised, or raised and then cleared, since this desktop was opened; at the latest when it looks. */
export async function warned(supervisor: Desktop, code: AlarmCode, is: 'raised' | 'cleared', limitMs = 10_000): Promise<void> {
  const standing = (): boolean => {
    let now = false;
    for (const { message } of supervisor.heard) {
      if (message.type === 'snapshot') now = message.alarms.some((alarm) => alarm.code === code);
      if (message.type === 'alarm-raised' && message.alarm.code === code) now = true;
      if (message.type === 'alarm-cleared' && message.alarm.code === code) now = false;
    }
    return now;
  };
  await until(() => (standing() === (is === 'raised') ? true : undefined), { limitMs, what: `alarm ${code} ${is}` });
}

/** The recording that runs of what this agent talks. */
export async function recordingOfTalk(stage: Stage, agent: string): Promise<string> {
  return until(async () => {
    const { contacts } = await look(stage);
    const state = contacts.map((contact) => contact.state).find((one) => one.status === 'connected' && one.agent === agent);
    return state?.status === 'connected' ? state.recording?.id : undefined;
  }, { limitMs: 5_000, what: `a recording of what ${agent} talks` });
}
