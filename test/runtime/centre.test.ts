import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createSocket } from 'node:dgram';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import pg from 'pg';
import { describe, expect, inject, test } from 'vitest';
import { startRuntime, type Runtime } from '../../runtime/centre.ts';
import { readEnvironment } from '../../runtime/environment.ts';
import { freeTcpPort } from '../../runtime/ports.ts';
import { startPostgres } from '../../runtime/postgres.ts';
import { startRedis } from '../../runtime/redis.ts';
import { until } from '../../runtime/until.ts';
import { patientMs } from '../support/patient.ts';

const shared = inject('runtime');
const own = (name: string): string => join(shared.stateDir, name);
const alive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    // No such process.
    return false;
  }
};

describe('the shared runtime', () => {
  test('has a Redis that keeps everything and evicts nothing', async () => {
    const redis = new Redis(shared.redisUrl);
    expect(await redis.config('GET', 'appendonly')).toEqual(['appendonly', 'yes']);
    expect(await redis.config('GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction']);
    redis.disconnect();
    const stranger = new Redis(shared.redisUrl.replace(/:[^:@/]*@/, ':guess@'), { lazyConnect: true, retryStrategy: null });
    const refusals: string[] = [];
    stranger.on('error', (error: Error) => refusals.push(error.message));
    await expect(stranger.get('a')).rejects.toThrow();
    expect(refusals.join()).toMatch(/WRONGPASS|NOAUTH/);
    stranger.disconnect();
  });

  test('has a PostgreSQL in UTF-8 and UTC that wants the password', async () => {
    const client = new pg.Client({ connectionString: shared.databaseUrl });
    await client.connect();
    const { rows } = await client.query(`select current_database() as name, current_setting('server_encoding') as encoding, current_setting('timezone') as zone`);
    expect(rows).toEqual([{ name: 'rexian', encoding: 'UTF8', zone: 'UTC' }]);
    await client.end();
    const stranger = new pg.Client({ connectionString: shared.databaseUrl.replace(/:[^:@/]*@/, ':guess@') });
    await expect(stranger.connect()).rejects.toThrow('password authentication failed');
  });

  test('has an Asterisk that started without an error or a warning of a missing module', async () => {
    const log = await readFile(own('log/messages.log'), 'utf8');
    const lines = log.split('\n').filter((line) => /ERROR|declined to load|Unable to load/.test(line));
    // Nobody listens for its websocket in this run, and it says so.
    expect(lines.filter((line) => !/websocket/i.test(line))).toEqual([]);
  });
});

test('two centres run side by side, a third on the same state folder is refused, and all is kept over a restart', async () => {
  const environment = { ...readEnvironment(), databaseUrl: shared.databaseUrl };
  const [one, other] = await Promise.all([startRuntime({ stateDir: own('one'), agents: ['1001'], environment }), startRuntime({ stateDir: own('other'), agents: ['1001'], environment })]);
  try {
    expect(one.sipPort).not.toBe(other.sipPort);
    await expect(startRuntime({ stateDir: own('one'), agents: [], environment })).rejects.toThrow('Another centre is running');
    const redis = new Redis(one.redisUrl);
    await redis.set('kept', 'yes');
    redis.disconnect();
  } finally {
    await Promise.all([one.stop(), other.stop()]);
  }
  const again = await startRuntime({ stateDir: own('one'), agents: ['1001', '1002'], environment });
  const redis = new Redis(again.redisUrl);
  expect(await redis.get('kept')).toBe('yes');
  redis.disconnect();
  expect(again.secrets.agents['1001']).toEqual(one.secrets.agents['1001']);
  expect(Object.keys(again.secrets.agents)).toEqual(['1001', '1002']);
  await again.stop();
  await again.stop();
  expect(Object.values(again.pids).filter(alive)).toEqual([]);
});

test('PostgreSQL keeps its rows over a restart', async () => {
  const options = { stateDir: own('rows'), password: 'secret', durable: false };
  const query = async (url: string, text: string): Promise<unknown[]> => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const { rows } = await client.query(text);
    await client.end();
    return rows;
  };
  const first = await startPostgres(options);
  await query(first.url, 'create table t as select 1 as n');
  await first.stop();
  const second = await startPostgres(options);
  expect(await query(second.url, 'select n from t')).toEqual([{ n: 1 }]);
  await second.stop();
});

test('servers die with the process that started them, even when it is killed', async () => {
  const rexian = spawn(process.execPath, [fileURLToPath(new URL('../../cli/main.ts', import.meta.url)), 'runtime', '--state', own('orphans'), '--json']);
  const [line] = (await once(createInterface({ input: rexian.stdout }), 'line')) as [string];
  const { pids } = JSON.parse(line) as Runtime;
  expect(Object.values(pids).map(alive)).toEqual([true, true, true]);
  rexian.kill('SIGKILL');
  await until(() => Object.values(pids).every((pid) => !alive(pid)) || undefined, { limitMs: patientMs, what: 'all servers gone' });
});

describe('what cannot work is said plainly', () => {
  test('a SIP port in use', async () => {
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const { port } = socket.address();
    await expect(startRuntime({ stateDir: own('port'), agents: [], sipPort: port })).rejects.toThrow(`UDP port ${port} is in use by another program. Choose another one with --sip-port.`);
    socket.close();
  });

  test('an ARI password that is wrong', async () => {
    const ariUrl = `${shared.ari.url.replace('://', '://rexian:wrong@')}`;
    const environment = { ...readEnvironment(), databaseUrl: shared.databaseUrl, redisUrl: shared.redisUrl, ariUrl, amiUrl: 'ami://rexian:x@127.0.0.1:5038' };
    await expect(startRuntime({ stateDir: own('ari'), agents: [], environment })).rejects.toThrow('refuses the ARI user "rexian"');
  });

  test('an Asterisk that is not there', async () => {
    const environment = { ...readEnvironment(), databaseUrl: shared.databaseUrl, redisUrl: shared.redisUrl, ariUrl: `http://a:b@127.0.0.1:${await freeTcpPort()}`, amiUrl: 'ami://a:b@127.0.0.1' };
    await expect(startRuntime({ stateDir: own('nobody'), agents: [], environment })).rejects.toThrow(/No Asterisk answers at .* \(ECONNREFUSED\)/);
  });

  test('a server that does not start, with the end of its log', async () => {
    const port = Number(new URL(shared.redisUrl).port);
    await expect(startRedis({ stateDir: own('twice'), programs: shared.programs, password: 'x', port })).rejects.toThrow(/Redis did not start[\s\S]*Address already in use/);
  });

  test('a state folder that is a file', async () => {
    await expect(startRuntime({ stateDir: own('secrets.json'), agents: [] })).rejects.toThrow('Name another one with --state.');
  });
});
