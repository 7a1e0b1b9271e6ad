// The two ways in which the service connects to Asterisk, and not Asterisk to it: reset, held up, and Asterisk killed.

import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../runtime/until.ts';
import type { StageOptions } from '../../stage/stage.ts';
import type { Case } from '../case.ts';
import { gather } from '../crowd.ts';

const talkMs = 2_000;

const modeCase = (name: string, says: Case['says'], stage: StageOptions): Case => ({
  name, says, stage,
  async run({ stage: on, size }) {
    const { ari } = on.wires;
    if (ari === undefined) throw new Error('the stage has no wire');
    const ready = (): Promise<true> => until(async () => ((await fetch(`${on.service.url}/health/ready`)).status === 200 || undefined), { limitMs: 15_000, what: 'the service is ready again' });
    const crowd = await gather(on, { talking: 4, waiting: 4, talkMs });
    ari.reset();
    await ready();
    ari.freeze();
    await sleep(1_500);
    ari.heal();
    await ready();
    await crowd.served();
    await crowd.talksWhole();
    await crowd.leave();
    if (size === 'short') return { placed: crowd.placed() };
    const lost = await gather(on, { talking: 2, waiting: 2, talkMs });
    const first = on.runtime.pids.asterisk ?? 0;
    process.kill(first, 'SIGKILL');
    await until(() => on.runtime.pids.asterisk !== first || undefined, { limitMs: 20_000, what: 'another Asterisk' });
    await lost.until('the contacts of the dead Asterisk have ended', (seen) => seen.contacts.length === 0, 15_000);
    await ready();
    await lost.leave();
    const next = await gather(on, { talking: 2, waiting: 2, talkMs });
    await next.served();
    await next.leave();
    return { placed: crowd.placed() + lost.placed() + next.placed() };
  },
});

export const wireWebsocket = modeCase('wire-websocket', { en: 'the service calls Asterisk: its connection is reset and held up', zh: '由服务连接 Asterisk：连接被重置、停滞' }, { agents: 4, wires: ['ari'], ariMode: 'websocket' });
export const wireClassic = modeCase('wire-classic', { en: 'the service calls an old Asterisk through ari-client: its connection is reset and held up', zh: '经 ari-client 连接旧版 Asterisk：连接被重置、停滞' }, { agents: 4, wires: ['ari'], ariMode: 'classic' });
