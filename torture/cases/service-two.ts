// Two instances of the service on one centre: one owns it, one stands by, says so, and takes over.

import { until } from '../../runtime/until.ts';
import type { Service } from '../../runtime/service.ts';
import type { StageOptions } from '../../stage/stage.ts';
import type { Case, Ground, Played } from '../case.ts';
import { gather } from '../crowd.ts';

const pair: StageOptions = { agents: 4 };
const takenOverWithinMs = 5_000;

export const serviceTwo: Case = {
  name: 'service-two',
  says: { en: 'two instances on one centre; the owner is killed', zh: '同一中心两个实例，主用被强杀' },
  stage: pair,
  run: (ground) => followed(ground, 'SIGKILL'),
};

export const serviceTwoStopped: Case = {
  name: 'service-two-stopped',
  says: { en: 'two instances on one centre; the owner is stopped by a signal and its lease runs out', zh: '同一中心两个实例，主用被挂起，租约到期' },
  stage: pair,
  run: (ground) => followed(ground, 'SIGSTOP'),
};

async function followed({ stage, say }: Ground, signal: 'SIGKILL' | 'SIGSTOP'): Promise<Played> {
  const crowd = await gather(stage, { talking: 2, waiting: 4, talkMs: 1_500 });
  const owner = stage.service;
  const standby = await stage.startAgain({ startedWhen: 'standby', httpPort: 0 });
  await saysThatItStandsBy(standby);

  const at = performance.now();
  process.kill(owner.pid, signal);
  say({ en: `the owner got ${signal}`, zh: `主用收到 ${signal}` });
  await crowd.call({ calls: 2, callsPerSecond: 10 });
  await until(async () => (await status(standby, 'ready')) === 200 || undefined, { limitMs: takenOverWithinMs, what: 'the standby owns the centre' });
  const takenOverMs = performance.now() - at;
  // One that was stopped must never breathe again: it is ended by its successor before that decides anything.
  await until(async () => (await owner.live()) === 0 || undefined, { limitMs: 1_000, what: 'the end of the owner before' });
  await crowd.served();
  await crowd.leave();
  // A talk that had just begun ended while the owner stood still: the order to record it was never given, and its row says so.
  return { placed: crowd.placed(), figures: { takenOverMs } };
}

async function saysThatItStandsBy(service: Service): Promise<void> {
  if ((await status(service, 'live')) !== 200) throw new Error('the standby does not say that it lives');
  const ready = await fetch(`${service.url}/health/ready`);
  const { reason } = (await ready.json()) as { reason?: string };
  if (ready.status !== 503 || reason !== 'standby') throw new Error(`the standby is ready with ${ready.status} ${reason}`);
  const signIn = await fetch(`${service.url}/api/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ agent: '3001', password: 'any' }) });
  const { code } = (await signIn.json()) as { code?: string };
  if (signIn.status !== 503 || code !== 'standby') throw new Error(`a sign-in at the standby is answered with ${signIn.status} ${code}`);
}

const status = (service: Service, what: 'live' | 'ready'): Promise<number> => fetch(`${service.url}/health/${what}`).then(async (response) => (await response.body?.cancel(), response.status), () => 0);
