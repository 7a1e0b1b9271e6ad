import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { bridgeId, legId } from '../../src/base/ids.ts';
import type { AriAnswer, AriConnection, AriRequest } from '../../src/telephony/ari/connection.ts';
import { watchTalks } from '../../src/telephony/talk-watch.ts';
import { until } from '../../runtime/until.ts';
import { patientMs } from '../support/patient.ts';

const [bridge, caller, agent] = [bridgeId('rx-b-1'), legId('caller'), legId('agent')];

/** A switch with one bridge, which does or does not let go of a channel that is hung up. */
function table({ members, stuck = false }: { members: string[] | undefined; stuck?: boolean }) {
  const asked: string[] = [];
  const missing: string[] = [];
  const lost: string[] = [];
  const living = new Set<string>([caller, agent]);
  const request = async ({ method, path }: AriRequest): Promise<AriAnswer> => {
    asked.push(`${method} ${path.join('/')}`);
    if (method === 'DELETE' && !stuck) living.delete(path[1] ?? '');
    return method === 'DELETE' || members !== undefined ? { answered: true, status: method === 'DELETE' ? 204 : 200, body: { channels: members } } : { answered: true, status: 404, body: undefined };
  };
  // Only asked for requests.
  const watch = watchTalks({ ari: { request } as AriConnection, lives: (leg) => living.has(leg), missing: (leg) => missing.push(leg), lost: (leg) => lost.push(leg), afterMs: 5 });
  watch.connected(bridge, [caller, agent]);
  return { asked, missing, lost, living, watch };
}

describe('those who were connected', () => {
  test('are left alone where both are in the bridge', async () => {
    const { asked, watch } = table({ members: [caller, agent] });
    await until(() => asked.length > 0 || undefined, { limitMs: patientMs, what: 'the look' });
    watch.stop();
    expect(asked).toEqual(['GET bridges/rx-b-1']);
  });

  test('whoever is not in the bridge is hung up, and that is all where it ends', async () => {
    const { asked, missing, lost, living, watch } = table({ members: [caller] });
    await until(() => !living.has(agent) || undefined, { limitMs: patientMs, what: 'the hang-up' });
    await sleep(20);
    watch.stop();
    expect(asked).toEqual(['GET bridges/rx-b-1', 'DELETE channels/agent']);
    expect(missing).toEqual([agent]);
    expect(lost).toEqual([]);
  });

  test('one that cannot be hung up is told as gone, so that the other side is not left in silence', async () => {
    const { lost, watch } = table({ members: [caller], stuck: true });
    await until(() => lost.length > 0 || undefined, { limitMs: patientMs, what: 'the loss' });
    watch.stop();
    expect(lost).toEqual([agent]);
  });

  test('nobody is hung up where the bridge is gone: the talk is over', async () => {
    const { asked, watch } = table({ members: undefined });
    await until(() => asked.length > 0 || undefined, { limitMs: patientMs, what: 'the look' });
    await sleep(20);
    watch.stop();
    expect(asked).toEqual(['GET bridges/rx-b-1']);
  });
});
