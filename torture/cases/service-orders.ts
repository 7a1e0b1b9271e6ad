// Killed after each single order of one call in turn, from the first that greets the caller to the last that clears up.

import { straight } from '../../stage/centre-files.ts';
import { armFaultPoint } from '../../stage/fault-point.ts';
import { callRaw } from '../../stage/raw-caller.ts';
import type { Stage, StageOptions } from '../../stage/stage.ts';
import { until } from '../../runtime/until.ts';
import type { Case } from '../case.ts';
import { look } from '../seen.ts';

/** Through wires that say when an order was written, and with a second process, so that it goes on at once. */
const wired: StageOptions = { agents: 2, wires: ['ari', 'ami'], service: { supervise: true, standby: true } };
/** A call has fewer. */
const ordersMax = 60;
const shortEvery = 3;

export const serviceOrders: Case = {
  name: 'service-orders',
  says: { en: 'kill -9 right after each order of a call in turn', zh: '一通来电的每条指令发出后立即强杀' },
  stage: wired,
  async run({ stage, size, seed, say }) {
    const agents = stage.agents.slice(0, 1);
    const phones = await stage.phones(agents, { ringMs: 100, talkMs: 400, speaking: true });
    for (const desktop of await stage.ready(agents)) await desktop.close();
    let placed = 0;
    const struck: string[] = [];
    const every = size === 'short' ? shortEvery : 1;
    for (let n = size === 'short' ? 1 + (seed % shortEvery) : 1; n <= ordersMax; n += every) {
      const order = await killedAfter(stage, n);
      placed += 1;
      if (order === undefined) break;
      struck.push(order);
      say({ en: `killed after order ${n}: ${order}`, zh: `第 ${n} 条指令（${order}）后强杀` });
    }
    if (struck.length < 2) throw new Error(`only ${struck.length} orders were seen`);
    for (const agent of agents) {
      const desktop = await stage.desktop(agent);
      await desktop.command({ type: 'sign-out' });
      await desktop.close();
    }
    await phones.stop();
    // The order to record dies with who gave it, and so short a talk is over before the next owner is there: the row says so.
    return { placed, recordingsMayFail: true, figures: { orders: struck.length } };
  },
};

/** One call, from its beginning until nobody is left, with the process killed after its n-th order; undefined where it had fewer. */
async function killedAfter(stage: Stage, n: number): Promise<string | undefined> {
  const { ari, ami } = stage.wires;
  const pid = stage.service.pid;
  const point = armFaultPoint(stage.wires, n);
  const died = point.struck.then(async () => {
    await stage.service.kill('SIGKILL');
    // The kernel closes what a dead process had open.
    ari?.reset();
    ami?.reset();
  });
  const server = { host: stage.runtime.sipHost, port: stage.runtime.sipPort };
  const outcome = await callRaw({ server, dials: straight.low, from: `<sip:1380000${String(n).padStart(4, '0')}@${server.host}>`, limitMs: 40_000 });
  point.disarm();
  if (outcome !== 'served') throw new Error(`the caller was not served after order ${n} (${point.orders.at(-1)}): ${outcome}`);
  const wasStruck = point.orders.length >= n;
  if (wasStruck) {
    await died;
    await until(() => (stage.service.pid !== pid ? true : undefined), { limitMs: 20_000, what: 'the next process owns the centre' });
  }
  await until(async () => {
    const { contacts, agents, channels } = await look(stage);
    const busy = agents.filter(({ presence }) => presence.status !== 'offline' && presence.status !== 'ready' && presence.status !== 'paused');
    return contacts.length === 0 && channels.length === 0 && busy.length === 0 ? true : undefined;
  }, { limitMs: 20_000, what: `nobody is left hanging after order ${n} (${point.orders.at(-1)})` });
  await until(async () => ((await fetch(`${stage.service.url}/health/ready`)).status === 200 ? true : undefined), { limitMs: 20_000, what: 'ready again' });
  return wasStruck ? point.orders.at(-1) : undefined;
}
