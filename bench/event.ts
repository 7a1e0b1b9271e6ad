/**
 * How long after it was decided an event can be read in Postgres, with the whole system under load. Both ends are seen
 * from here: an event carries the time of its decision, and a connection of our own asks Postgres again and again how
 * far it is, so that what is measured holds the commit to Redis, the way to Postgres with its disk, and up to a few
 * milliseconds of our asking.
 */
import { stderr, stdout } from 'node:process';
import { parseArgs } from 'node:util';
import pg from 'pg';
import type { Invocation } from '../cli/main.ts';
import { SetupError } from '../runtime/setup-error.ts';
import { until } from '../runtime/until.ts';
import { steadyClock } from '../src/base/clock.ts';
import { redisKeys } from '../src/store/keys.ts';
import { startStage, type Stage } from '../stage/stage.ts';
import { coreShare } from './process-use.ts';
import { quantile, rounded } from './quantile.ts';

const askEveryMs = 3;
const [ringMs, talkMs] = [100, 2_000];

export async function run({ lang, args }: Invocation): Promise<number> {
  const { values } = parseArgs({ args, options: { json: { type: 'boolean' }, rate: { type: 'string', default: '5' }, agents: { type: 'string', default: '20' }, seconds: { type: 'string', default: '40' } } });
  const [callsPerSecond, agents, seconds] = [Number(values.rate), Number(values.agents), Number(values.seconds)];
  if (!(callsPerSecond > 0 && agents >= 1 && seconds >= 1)) throw new SetupError({ en: '--rate, --agents and --seconds take numbers from 1 up.', zh: '--rate、--agents、--seconds 应为不小于 1 的数字。' });
  stderr.write(words.begin[lang](callsPerSecond, agents, seconds));
  const stage = await startStage({ agents, runtime: { durable: true } });
  try {
    const { latenciesMs, corePercent } = await measure(stage, callsPerSecond, Math.round(callsPerSecond * seconds));
    const figures = {
      events: latenciesMs.length, eventsPerSecond: rounded(latenciesMs.length / seconds),
      p50Ms: rounded(quantile(latenciesMs, 0.5)), p95Ms: rounded(quantile(latenciesMs, 0.95)), p99Ms: rounded(quantile(latenciesMs, 0.99)), maxMs: rounded(quantile(latenciesMs, 1)),
      corePercent: rounded(corePercent),
    };
    console.table({ [words.row[lang]]: figures });
    if (values.json) stdout.write(`${JSON.stringify({ figures })}\n`);
  } finally {
    await stage.stop();
  }
  return 0;
}

async function measure(stage: Stage, callsPerSecond: number, calls: number): Promise<{ latenciesMs: readonly number[]; corePercent: number }> {
  await stage.phones(stage.agents, { ringMs, talkMs });
  await stage.ready(stage.agents);
  const core = await coreShare(stage.service.pid);
  const watch = await watchPosition(stage);
  const run = await stage.callers({ calls, callsPerSecond, limitSeconds: Math.ceil(calls / callsPerSecond) + 60 });
  const { successful, errors } = await run.outcome;
  const corePercent = await core();
  if (successful !== calls) throw new Error(`${successful} of ${calls} calls were served: ${errors.slice(0, 500)}`);
  await until(async () => ((await stage.db.selectFrom('contact').select('id').where('ended_at', 'is', null).execute()).length === 0 ? true : undefined), { limitMs: 10_000, what: 'all contacts over in Postgres' });
  await until(async () => (await stage.redis.xrevrange(redisKeys(stage.config.centre.id).journal, '+', '-', 'COUNT', 1))[0]?.[0] === watch.newest() || undefined, { limitMs: 10_000, what: 'the whole journal in Postgres' });
  const seen = await watch.stop();
  const from = seen[0];
  const events = await stage.db.selectFrom('call_event').select(['epoch', 'seq', 'body']).orderBy('epoch').orderBy('seq').execute();
  let index = 0;
  const latenciesMs: number[] = [];
  for (const { epoch, seq, body } of events) {
    if (from === undefined || isPast({ epoch, seq }, from)) continue;
    while (index < seen.length && !isPast({ epoch, seq }, seen[index])) index += 1;
    // A caller's arrival keeps the switch's time, and an event of before a stall is no older than its decision.
    if (typeof body['at'] === 'number') latenciesMs.push((seen[index]?.at ?? Number.NaN) - body['at']);
  }
  return { latenciesMs, corePercent };
}

interface Sight {
  readonly epoch: number;
  readonly seq: number;
  readonly at: number;
}

const isPast = (event: Pick<Sight, 'epoch' | 'seq'>, position: Pick<Sight, 'epoch' | 'seq'> | undefined): boolean =>
  position !== undefined && (event.epoch < position.epoch || (event.epoch === position.epoch && event.seq <= position.seq));

/** Each position that Postgres was seen at, and when first. */
async function watchPosition({ runtime, config }: Stage): Promise<{ newest(): string; stop(): Promise<readonly Sight[]> }> {
  const client = new pg.Client({ connectionString: runtime.databaseUrl });
  await client.connect();
  const seen: Sight[] = [];
  let stopped = false;
  const loop = (async () => {
    while (!stopped) {
      const { rows } = await client.query<{ epoch: string; seq: string }>({ name: 'position', text: 'select epoch, seq from projection where centre = $1', values: [config.centre.id] });
      const [epoch, seq] = [Number(rows[0]?.epoch ?? 0), Number(rows[0]?.seq ?? 0)];
      const last = seen.at(-1);
      if (last === undefined || last.epoch !== epoch || last.seq !== seq) seen.push({ epoch, seq, at: steadyClock.now() });
      await new Promise((resolve) => setTimeout(resolve, askEveryMs));
    }
  })();
  return {
    newest: () => `${seen.at(-1)?.epoch}-${seen.at(-1)?.seq}`,
    stop: async () => {
      stopped = true;
      await loop;
      await client.end();
      return seen;
    },
  };
}

const words = {
  begin: {
    en: (rate: number, agents: number, seconds: number) => `${rate} calls/s to ${agents} agents for ${seconds} s …\n`,
    zh: (rate: number, agents: number, seconds: number) => `每秒 ${rate} 通来电，${agents} 名坐席，持续 ${seconds} 秒 …\n`,
  },
  row: { en: 'event in Postgres', zh: '事件写入 Postgres' },
} as const;
