// Postgres is for reports: whatever becomes of it, callers are served as ever, and all events are told later, once.

import { execFile } from 'node:child_process';
import { chown, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import pg from 'pg';
import { sql } from 'kysely';
import type { StageOptions } from '../../stage/stage.ts';
import { allTold, elapsed, freeze, killPostgres } from '../actors/stores.ts';
import { house, type Case, type Ground, type Size } from '../case.ts';
import { gather } from '../crowd.ts';

const talkMs = 1_000;
/** A shared machine may hold up a connection for a while; a call that waits for Postgres waits for seconds. */
const answeredWithinMs = 1_500;

type Fault = (ground: Ground, ms: number) => Promise<void>;

/** Callers come all the time: before the fault, in it, and after it. */
function postgresCase(name: string, says: Case['says'], faultMs: Readonly<Record<Size, number>>, callsPerSecond: Readonly<Record<Size, number>>, fault: Fault, more: Partial<Pick<Case, 'stage' | 'cannot'>> = {}): Case {
  return {
    name, says, stage: house, ...more,
    async run(ground) {
      const { stage, size } = ground;
      const crowd = await gather(stage, { talking: 12, waiting: 0, talkMs });
      const rate = callsPerSecond[size];
      await crowd.call({ calls: Math.round(rate * (faultMs[size] / 1_000 + 2)), callsPerSecond: rate, limitSeconds: 180 });
      await elapsed(500);
      await fault(ground, faultMs[size]);
      await crowd.served(120_000);
      await allTold(stage);
      await crowd.talksWhole();
      const waited = await stage.db.selectFrom('contact').select(({ fn }) => fn.max<number>('wait_ms').as('ms')).where('arrived_at', '>', sql<Date>`now() - ${sql.lit(`${faultMs[size] + 10_000} milliseconds`)}::interval`).executeTakeFirst();
      const longestWaitMs = Number(waited?.ms ?? 0);
      if (longestWaitMs > answeredWithinMs) throw new Error(`with agents free a caller waited ${longestWaitMs} ms`);
      await crowd.leave();
      return { placed: crowd.placed(), figures: { longestWaitMs } };
    },
  };
}

const brief = { short: 4_000, long: 20_000 };
const usual = { short: 4, long: 5 };

export const postgresStopped = postgresCase('store-postgres-stopped', { en: 'Postgres stands still', zh: 'Postgres 停滞' }, brief, usual,
  ({ stage }, ms) => freeze(stage.runtime.pids.postgres, ms));

export const postgresKilled = postgresCase('store-postgres-killed', { en: 'Postgres is killed, and started again on its data', zh: 'Postgres 被杀死后重启' }, { short: 4_000, long: 60_000 }, { short: 4, long: 10 },
  async ({ stage }, ms) => {
    const killed = await killPostgres(stage);
    await elapsed(ms);
    await killed.startAgain();
  });

export const postgresLocked = postgresCase('store-postgres-locked', { en: 'somebody holds LOCK TABLE on what is written', zh: '有人对写入的表执行 LOCK TABLE' }, brief, usual,
  ({ stage }, ms) => asStranger(stage.runtime.databaseUrl, async (client) => {
    await client.query('begin; lock table call_event, contact, offer in access exclusive mode');
    await elapsed(ms);
    await client.query('rollback');
  }));

export const postgresFull = postgresCase('store-postgres-connections', { en: 'all connections of Postgres are taken, ours cut off', zh: 'Postgres 连接数耗尽，现有连接被断开' }, brief, usual,
  async ({ stage }, ms) => {
    const taken: pg.Client[] = [];
    try {
      await asStranger(stage.runtime.databaseUrl, async (client) => {
        const { rows } = await client.query<{ setting: string }>('show max_connections');
        const most = Number(rows[0]?.setting);
        for (let round = 0; round < 3; round += 1) {
          await client.query(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'rexian'`);
          while (taken.length < most && (await takeOne(stage.runtime.databaseUrl, taken)));
        }
        if (taken.length < most / 2) throw new Error(`only ${taken.length} of ${most} connections could be taken`);
        await elapsed(ms);
      });
    } finally {
      await Promise.all(taken.map((client) => client.end()));
    }
  });

const wiredToPostgres: StageOptions = { agents: 30, wires: ['postgres'] };

export const postgresReset = postgresCase('store-postgres-reset', { en: 'the connection to Postgres is reset between its COMMIT and the answer', zh: '与 Postgres 的连接在提交之后、应答之前被重置' }, brief, usual,
  async ({ stage }, ms) => {
    const { postgres } = stage.wires;
    if (postgres === undefined) throw new Error('the stage has no wire');
    let cuts = 0;
    for (const end = performance.now() + ms; performance.now() < end; cuts += 1) {
      // The projector's statement is a transaction of its own: what answers it is the answer to its COMMIT.
      const cut = postgres.cutAt({ pattern: 'update projection set', when: 'answered' });
      await Promise.race([cut.done, elapsed(3_000)]);
      cut.cancel();
    }
    if (cuts < 3) throw new Error(`only ${cuts} cuts`);
  }, { stage: wiredToPostgres });

const run = promisify(execFile);

/** The events' own tablespace is a disk of 8 MB that somebody else has filled. */
export const postgresDiskFull = postgresCase('store-postgres-disk-full', { en: 'Postgres’ disk is full', zh: 'Postgres 磁盘写满' }, brief, usual,
  async ({ stage }, ms) => {
    const disk = join(stage.runtime.stateDir, 'small-disk');
    await mkdir(disk, { recursive: true });
    await run('mount', ['-t', 'tmpfs', '-o', 'size=8m,mode=0777', 'tmpfs', disk]);
    stage.releaseLater(async () => void (await run('umount', ['-l', disk])));
    const data = join(disk, 'data');
    await mkdir(data);
    await chown(data, 65_534, 65_534);
    await asStranger(stage.runtime.databaseUrl, async (client) => {
      const { rows } = await client.query<{ name: string }>(`select inhrelid::regclass::text as name from pg_inherits where inhparent = 'call_event'::regclass`);
      await client.query(`create tablespace small location '${data}'`);
      for (const { name } of rows) await client.query(`alter table ${name} set tablespace small`);
      await fill(join(disk, 'fill'));
      await elapsed(ms);
      await rm(join(disk, 'fill'));
      // Back where it was, so that the disk can go.
      await elapsed(1_000);
      for (const { name } of rows) await client.query(`alter table ${name} set tablespace pg_default`);
      await client.query('drop tablespace small');
    });
  }, {
    stage: { agents: 30 },
    cannot: async () => (process.getuid?.() === 0 ? undefined : { en: 'a small disk can only be mounted by root', zh: '只有 root 能挂载小磁盘' }),
  });

/** To the last byte. */
async function fill(file: string): Promise<void> {
  await writeFile(file, Buffer.alloc(16 * 1_024 * 1_024)).then(() => {
    throw new Error('the disk is not small');
  }, (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOSPC') throw error;
  });
}

async function asStranger(connectionString: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

async function takeOne(connectionString: string, taken: pg.Client[]): Promise<boolean> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  return client.connect().then(() => (taken.push(client), true), () => false);
}
