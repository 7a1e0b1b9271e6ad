/**
 * The three ways to speak ARI, on one Asterisk in one run: REST over the websocket that Asterisk opens to us, over one
 * that we open, and ari-client's HTTP. One request at a time, and hundreds at once, as when a whole shift is rung.
 */
import { stderr, stdout } from 'node:process';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import type { Invocation } from '../cli/main.ts';
import type { Runtime } from '../runtime/centre.ts';
import { loopback } from '../runtime/ports.ts';
import { progressOn } from '../runtime/progress.ts';
import type { AriConnection } from '../src/telephony/ari/connection.ts';
import { openAri } from '../src/telephony/ari/open.ts';
import { quantile, rounded } from './quantile.ts';
import { withServers } from './servers.ts';

/** In this order: an application that another client has served is lost to Asterisk's own connection. */
const connections = ['outbound', 'inbound', 'ari-client'] as const;
const singles = 500;
const warmUp = 50;

interface Measured {
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** From the first request to the last answer. */
  readonly atOnceMs: number;
}

export async function run({ lang, args }: Invocation): Promise<number> {
  const { values } = parseArgs({ args, options: { json: { type: 'boolean' }, rounds: { type: 'string', default: '3' }, requests: { type: 'string', default: '500' } } });
  const [rounds, atOnce] = [Number(values.rounds), Number(values.requests)];
  const progress = progressOn(stderr, lang);
  progress.step({ en: `${rounds} rounds of ${singles} requests one by one and ${atOnce} at once`, zh: `${rounds} 轮：逐个 ${singles} 次请求，并发 ${atOnce} 次` });
  const measured = new Map<string, Measured[]>(connections.map((name) => [name, []]));
  await withServers(async (runtime) => {
    // Each connection has its Asterisk to itself for all rounds: two clients of one application disturb each other.
    for (const [index, name] of connections.entries()) {
      const connection = await open(name, runtime);
      for (let round = 0; round < rounds; round += 1) {
        measured.get(name)?.push(await measure(connection, atOnce));
        progress.fraction((index + (round + 1) / rounds) / connections.length);
      }
      await connection.stop();
    }
  });
  progress.done();
  const table = Object.fromEntries([...measured].map(([name, list]) => [name, median(list)]));
  console.table(Object.fromEntries(Object.entries(table).map(([name, row]) => [name, { [words.one[lang]]: row.p50Ms, 'p99 ms': row.p99Ms, [words.many[lang](atOnce)]: row.atOnceMs }])));
  const figures = Object.fromEntries(Object.entries(table).flatMap(([name, row]) => Object.entries(row).map(([figure, value]) => [`${camel(name)}${figure[0]?.toUpperCase()}${figure.slice(1)}`, value])));
  if (values.json) stdout.write(`${JSON.stringify({ figures })}\n`);
  return 0;
}

async function open(name: (typeof connections)[number], { ari, ariListen }: Runtime): Promise<AriConnection> {
  const connection = openAri({ connection: name, listen: { host: loopback, ...ariListen }, ari, app: 'rexian', log: pino({ level: 'silent' }) });
  await new Promise<void>((up, failed) => {
    connection.start({ up: () => up(), event: () => undefined, down: () => undefined }).catch(failed);
  });
  return connection;
}

async function measure(connection: AriConnection, atOnce: number): Promise<Measured> {
  const ask = async (): Promise<void> => {
    const answer = await connection.request({ method: 'GET', path: ['asterisk', 'ping'] });
    if (!answer.answered || answer.status !== 200) throw new Error(`ping: ${JSON.stringify(answer)}`);
  };
  for (let n = 0; n < warmUp; n += 1) await ask();
  const timesMs: number[] = [];
  for (let n = 0; n < singles; n += 1) {
    const at = performance.now();
    await ask();
    timesMs.push(performance.now() - at);
  }
  const at = performance.now();
  await Promise.all(Array.from({ length: atOnce }, ask));
  return { p50Ms: quantile(timesMs, 0.5), p99Ms: quantile(timesMs, 0.99), atOnceMs: performance.now() - at };
}

function median(list: readonly Measured[]): Measured {
  const of = (figure: keyof Measured): number => rounded(quantile(list.map((one) => one[figure]), 0.5), 3);
  return { p50Ms: of('p50Ms'), p99Ms: of('p99Ms'), atOnceMs: of('atOnceMs') };
}

const camel = (name: string): string => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

const words = {
  one: { en: 'one request, p50 ms', zh: '单次请求 p50 毫秒' },
  many: { en: (count: number) => `${count} at once, ms`, zh: (count: number) => `${count} 次并发，毫秒` },
} as const;
