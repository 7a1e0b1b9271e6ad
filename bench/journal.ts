/**
 * How long a commit takes, and how long until its event is in Postgres. Against the servers of its own state folder,
 * with Redis' append-only file and Postgres' fsync as in service. `node bench/journal.ts [calls] [contacts waiting]`
 * prints a table, and JSON as the last line.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { readEnvironment } from '../runtime/environment.ts';
import { startPostgres } from '../runtime/postgres.ts';
import { findPrograms } from '../runtime/program.ts';
import { silent } from '../runtime/progress.ts';
import { startRedis } from '../runtime/redis.ts';
import type { Event } from '../src/acd/messages.ts';
import { steadyClock } from '../src/base/clock.ts';
import { contactId } from '../src/base/ids.ts';
import { openDatabase } from '../src/store/database.ts';
import { createJournal } from '../src/store/journal.ts';
import { redisKeys } from '../src/store/keys.ts';
import { migrate } from '../src/store/migrate.ts';
import { startProjector } from '../src/store/projector.ts';
import { openRedis } from '../src/store/redis.ts';
import { answered, batch, billing, waitingContact } from '../test/store/support/story.ts';

const calls = Number(process.argv[2] ?? 200);
const waiting = Number(process.argv[3] ?? 1_000);
const stateDir = await mkdtemp(join(tmpdir(), 'rexian-bench-'));
const log = pino({ level: 'silent' });
const centre = 'bench';
const programs = await findPrograms(readEnvironment(), silent);
const redisServer = await startRedis({ stateDir, programs, password: 'bench' });
const postgres = await startPostgres({ stateDir, password: 'bench' });
const redis = await openRedis(redisServer.url, { name: 'bench', log });
const db = openDatabase(postgres.url, { log });
await migrate(db);
await redis.set(redisKeys(centre).epoch, '1');
const journal = createJournal({ redis, centre, epoch: 1 });

const commitMs: number[] = [];
let seq = 1;
async function commit(events: readonly Event[]): Promise<void> {
  const contact = waitingContact(`c-${seq}`);
  const changes = { contacts: new Map([[contact.id, contact]]), lines: new Map([[billing, new Map([[contact.id, seq]])]]) };
  const before = performance.now();
  const { result } = await journal.commit(batch(seq, events, changes));
  commitMs.push(performance.now() - before);
  if (result !== 'committed') throw new Error(result);
  seq += events.length;
}

const full = Array.from({ length: waiting }, (_, i) => waitingContact(`w-${i}`));
await journal.commit({ ...batch(seq, answered().slice(0, 1)), changes: { contacts: new Map(full.map((one) => [one.id, one])), agents: new Map(), offers: new Map(), closed: new Map(), left: new Map(), lines: new Map([[billing, new Map(full.map((one, i) => [contactId(one.id), i]))]]) } });
seq += 1;

// Warm, then one event a commit, as a quiet centre does, at about 300 events/s (20 calls/s).
const projectMs: number[] = [];
const cpuBefore = process.cpuUsage();
const phaseFrom = performance.now();
const projector = startProjector({ redis, db, centre, clock: steadyClock, log, serviceLevelMs: () => 15_000, onProjected: (_, waitedMs) => projectMs.push(waitedMs) });
while (projector.lag().position !== `1-${seq - 1}`) await new Promise((resolve) => setTimeout(resolve, 5));
projectMs.length = 0;
for (let call = 0; call < calls; call += 1) {
  const started = performance.now();
  for (const event of answered({ id: `b-${call}`, agent: String(1001 + (call % 200)) })) await commit([{ ...event, at: steadyClock.now() }]);
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, 50 - (performance.now() - started))));
}
while (projector.lag().position !== `1-${seq - 1}`) await new Promise((resolve) => setTimeout(resolve, 20));
const cpu = process.cpuUsage(cpuBefore);
const corePercent = Math.round((cpu.user + cpu.system) / 10 / (performance.now() - phaseFrom));
const scriptUs = Number(/cmdstat_evalsha:.*usec_per_call=([\d.]+)/.exec(await redis.info('commandstats'))?.[1]);
const single = { commit: commitMs.splice(0), project: projectMs.splice(0) };

// Batches of 256, as after a stall; and how fast the projector catches up.
const many = Array.from({ length: calls * 2 }, (_, i) => answered({ id: `m-${i}` })).flat();
for (let from = 0; from < many.length; from += 256) await commit(many.slice(from, from + 256));
const behindFrom = performance.now();
while (projector.lag().position !== `1-${seq - 1}`) await new Promise((resolve) => setTimeout(resolve, 20));
const catchUpPerSecond = Math.round(many.length / ((performance.now() - behindFrom) / 1_000));

const at = (share: number, of: readonly number[]): number => Math.round((of.toSorted((a, b) => a - b)[Math.min(of.length - 1, Math.floor(of.length * share))] ?? 0) * 1_000) / 1_000;
const row = (name: string, of: readonly number[]) => ({ name, samples: of.length, p50Ms: at(0.5, of), p99Ms: at(0.99, of), maxMs: at(1, of) });
const table = [row('commit, 1 event', single.commit), row('commit, 256 events', commitMs), row('event in Postgres', single.project)];
console.table(table);
console.log(JSON.stringify({ table, scriptUs, corePercent, catchUpPerSecond }));

await projector.stop();
redis.disconnect();
await db.destroy();
await Promise.all([redisServer.stop(), postgres.stop()]);
await rm(stateDir, { recursive: true });
