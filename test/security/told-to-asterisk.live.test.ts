// Hostile values everywhere where a caller, an agent or the configuration has one, on a real Asterisk: what it is told
// over ARI and AMI is kept byte for byte, stays within the grammar, and holds none of them.

import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Desktop } from '../../runtime/desktop.ts';
import { until } from '../../runtime/until.ts';
import { straight } from '../../stage/centre-files.ts';
import { callRaw, escaped, quoted, type RawOutcome } from '../../stage/raw-caller.ts';
import { startStage, type Stage } from '../../stage/stage.ts';
import { directory } from '../../src/store/directory.ts';
import { makeSeal } from '../../src/store/seal.ts';
import { carries, hostile, mark } from './support/hostile.ts';
import { faults, saidInFrame, saidOverAmi, type Said } from './support/transcript.ts';

const agents = 12;
/** Says hostile words, sets hostile data, and leads into the line. */
const throughFlow = '5300';
/** Rings the last agent's phone, who is not signed in. */
const transferred = '5400';
/** Into a queue of one agent, who has time to sum up. */
const summedUp = '5500';
const summing = '3001';
/** What the command in some of the values would make. */
const made = `/tmp/${mark}`;

const flow = `start: say
nodes:
  say: { play: hostile, next: note }
  note: { set: { data: { ${hostile.filter((value) => value !== '' && value.length <= 500).map((value, n) => `v${n}: ${JSON.stringify(value.toWellFormed())}`).join(', ')} } }, next: line }
  line: { queue: line }
`;
const words = { zh: `好 \${SHELL(touch ${made})} $(touch ${made})`, en: `Yes; touch ${made}` };

let stage: Stage;
beforeAll(async () => {
  await rm(made, { force: true });
  stage = await startStage({
    agents, wires: ['ari', 'ami'], keepsSaid: true,
    edits: {
      'prompts.yaml': { hostile: words },
      'centre.yaml': { [`numbers/${throughFlow}`]: 'hostile', [`numbers/${transferred}`]: 'transferred', [`numbers/${summedUp}`]: 'summed-up' },
      'queues.yaml': { summed: { name: { zh: '小结', en: 'Summed up' }, wrapUp: { time: '60s', mode: 'time-boxed' } } },
      'agents.yaml': { [`${summing}/queues`]: ['summed'] },
    },
    flows: { hostile: flow, transferred: `start: there\nnodes:\n  there: { transfer: ${3_000 + agents}, timeout: 5s }\n`, 'summed-up': 'start: there\nnodes:\n  there: { queue: summed }\n' },
  });
}, 60_000);
afterAll(() => stage?.stop());

interface Try {
  readonly what: string;
  readonly outcome: RawOutcome;
}

/** One call each; `how` says where the value stands in it. */
async function call(values: readonly string[], how: (value: string, number: string) => { readonly dials: string; readonly from: string; readonly more?: readonly string[] }): Promise<Try[]> {
  const server = { host: stage.runtime.sipHost, port: stage.runtime.sipPort };
  return Promise.all(values.map(async (value, n) => {
    // Not all in one breath: it is not a flood that is tried here.
    await sleep(n * 25);
    return { what: JSON.stringify(value).slice(0, 60), outcome: await callRaw({ server, limitMs: 30_000, unheardMs: 6_000, ...how(value, `1390000${String(n).padStart(4, '0')}`) }) };
  }));
}

const isText = (value: string): boolean => !/[\r\n\0]/.test(value) && value.length < 200;
const hanging = (tries: readonly Try[]): Try[] => tries.filter(({ outcome }) => outcome === 'left hanging');

/** What the wires have kept by now. */
function told(): { ari: Said[]; ami: Said[] } {
  return { ari: (stage.wires.ari?.said ?? []).map(saidInFrame), ami: (stage.wires.ami?.said() ?? []).flatMap(saidOverAmi) };
}

test('Asterisk is told nothing of them, and everybody is served or refused in order', async () => {
  const { runtime, config } = stage;
  const known = directory(stage.db, { centre: config.centre.id, seal: makeSeal(runtime.secrets.storeKey) });
  const names = hostile.filter((value) => !value.includes('\0')).map((value) => value.toWellFormed());
  for (const [n, name] of names.entries()) await known.upsert({ number: `1390000${String(n).padStart(4, '0')}`, name, note: name, tier: name, data: { hostile: name } });
  const phones = await stage.phones(stage.agents, { ringMs: 50, talkMs: 200 });
  const desktops = await stage.ready(stage.agents.slice(0, -1));

  const withName = (value: string, number: string) => ({ from: `${quoted(value)} <sip:${number}@127.0.0.1>` });
  const [named, broken, numbered, dialled, moved] = await Promise.all([
    call(hostile.filter(isText), (value, number) => ({ dials: throughFlow, ...withName(value, number) })),
    call(hostile.filter((value) => !isText(value)), (value, number) => ({ dials: straight.low, ...withName(value, number) })),
    call(hostile, (value, number) => ({
      dials: straight.low, from: `${quoted(number)} <sip:${escaped(value)}@127.0.0.1>`,
      more: [`P-Asserted-Identity: <sip:${escaped(value)}@127.0.0.1>`, `Diversion: <sip:${escaped(value)}@127.0.0.1>;reason=unknown`],
    })),
    call(hostile, (value, number) => ({ dials: `${straight.low}${escaped(value)}`, from: `<sip:${number}@127.0.0.1>` })),
    call(hostile.slice(6, 12), (value) => ({ dials: transferred, from: `<sip:${escaped(value)}@127.0.0.1>` })),
  ]);
  expect([named, numbered, broken, dialled, moved].flatMap(hanging)).toEqual([]);
  // A name is only a name, and a number that is none still is somebody's call.
  expect(named.filter(({ outcome }) => outcome !== 'served')).toEqual([]);
  expect(numbered.filter(({ outcome }) => outcome === 'served').length).toBeGreaterThan(hostile.length * 0.8);
  expect(dialled.some(({ outcome }) => outcome === 'served')).toBe(true);

  await writeNotes(desktops.find(({ agent }) => agent === summing) ?? expect.fail('not signed in'));
  await until(async () => ((await stage.ask('channels')).length === 0 ? true : undefined), { limitMs: 10_000, what: 'nobody is left in Asterisk' });
  for (const desktop of desktops) await desktop.close();
  await phones.stop();

  const { ari, ami } = told();
  expect(faults([...ari, ...ami])).toEqual([]);
  // Letters of a stranger's number may be shown to an agent; the grammar has looked at their shape.
  expect([...ari, ...ami].map(({ line }) => line.replace(/callerId=[^&]*/, '')).filter(carries)).toEqual([]);
  const served = named.length + numbered.filter(({ outcome }) => outcome === 'served').length;
  expect(ari.filter(({ line }) => line.startsWith('POST channels/rx-a-')).length).toBeGreaterThanOrEqual(served);
  expect(ari.filter(({ line }) => line.startsWith('POST channels/rx-t-')).length).toBeGreaterThan(0);
  expect(ami.filter(({ line }) => /^Action: MixMonitor\r/m.test(line)).length).toBeGreaterThanOrEqual(served);
  expect(existsSync(made)).toBe(false);
  await itCanFail();
}, 60_000);

/** An agent sums up in the strangers' words. */
async function writeNotes(desktop: Desktop): Promise<void> {
  const [{ outcome } = expect.fail('nobody called')] = await call([mark], (value, number) => ({ dials: summedUp, from: `"${value}" <sip:${number}@127.0.0.1>` }));
  expect(outcome).toBe('served');
  const { message: { me } } = await desktop.waitFor('my-state', (state) => state.me.presence.status === 'wrap-up');
  const contact = me.presence.status === 'wrap-up' ? me.presence.contact : expect.fail('no wrap-up');
  const notes = hostile.filter((value) => value.length < 200);
  for (let from = 0; from < notes.length; from += 8) await desktop.command({ type: 'dispose', contact, disposition: { code: 'solved', note: notes.slice(from, from + 8).join(' ') } });
}

/** The wire keeps what somebody says past us, and the grammar finds it. */
async function itCanFail(): Promise<void> {
  const socket = connect(stage.wires.ami?.port ?? 0, '127.0.0.1');
  socket.on('error', () => undefined).resume();
  socket.end(`Action: Command\r\nCommand: dialplan set global X \${SHELL(touch ${made})}\r\n\r\n`);
  await until(() => (faults(told().ami).length > 0 ? true : undefined), { limitMs: 5_000, what: 'what was said past us is found' });
}
