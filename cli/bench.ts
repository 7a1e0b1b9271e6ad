import { argv } from 'node:process';
import { inOwnNetwork } from '../bench/own-network.ts';
import { SetupError } from '../runtime/setup-error.ts';
import type { Text } from '../runtime/progress.ts';
import type { Command, Invocation } from './main.ts';

/** A bench prints its table, tells its progress on standard error, and with --json ends with one line of JSON. */
export interface Bench {
  readonly name: string;
  readonly says: Text;
  /** Reads packets from loopback, which needs a right that not everybody has. */
  readonly captures?: boolean;
  readonly load: () => Promise<{ run: (invocation: Invocation) => Promise<number> }>;
}

export const benches: readonly Bench[] = [
  {
    name: 'gap', captures: true, load: () => import('../bench/gap.ts'),
    says: { en: 'agent hangs up → next INVITE to that agent, beside stock app_queue (--size small|large|burst)', zh: '坐席挂机到下一次振铃的间隔，与 app_queue 对比（--size small|large|burst）' },
  },
  {
    name: 'burst', captures: true, load: async () => ({ run: async (invocation) => (await import('../bench/gap.ts')).run(invocation, 'burst') }),
    says: { en: '800 calls of 3 s, 100/s, to 200 agents, beside stock app_queue', zh: '每秒 100 通、共 800 通 3 秒来电分给 200 名坐席，与 app_queue 对比' },
  },
  {
    name: 'prompt', captures: true, load: () => import('../bench/prompt.ts'),
    says: { en: 'answered → first voice packet of the prompt, beside stock Answer + Playback (--calls 100)', zh: '接通到第一个提示音语音包，与 Answer + Playback 对比（--calls 100）' },
  },
  {
    name: 'pop', captures: true, load: () => import('../bench/pop.ts'),
    says: { en: 'is the caller’s card sent before the phone rings? (--calls 1000)', zh: '弹屏是否早于话机振铃（--calls 1000）' },
  },
  {
    name: 'event', load: () => import('../bench/event.ts'),
    says: { en: 'an event decided → read in Postgres, under load (--rate 5 --agents 20 --seconds 40)', zh: '负载下事件从产生到写入 Postgres 的时间（--rate 5 --agents 20 --seconds 40）' },
  },
  {
    name: 'ari', load: () => import('../bench/ari.ts'),
    says: { en: 'the three ways to speak ARI: one request, hundreds at once', zh: '三种 ARI 连接方式：单次请求与数百次并发' },
  },
  {
    name: 'box', load: () => import('../bench/box.ts'),
    says: { en: 'a small machine, full: 500 agents, 1,000 waiting with music, 20 calls/s (--minutes 1)', zh: '小机器满负荷：500 名坐席、1,000 人排队听音乐、每秒 20 通来电（--minutes 1）' },
  },
  {
    name: 'idle', load: () => import('../bench/idle.ts'),
    says: { en: 'memory and processor of a service that nobody calls (--seconds 20)', zh: '空闲时服务占用的内存与 CPU（--seconds 20）' },
  },
  {
    name: 'acd', load: () => import('../bench/acd.ts'),
    says: { en: 'the router alone: one match among 10,000 agents and 100,000 waiting, steps a second, memory (--agents 10000 --waiting 100000)', zh: '仅路由：1 万坐席、10 万排队时的一次匹配、每秒步数与内存（--agents 10000 --waiting 100000）' },
  },
  {
    name: 'simulate', load: () => import('../bench/simulate.ts'),
    says: { en: 'a simulated day of 100,000 calls and 1,000 agents, beside a bare event loop (--calls 100000 --agents 1000 --runs 5)', zh: '模拟一天：10 万通来话、1,000 名坐席，与简单事件循环对比（--calls 100000 --agents 1000 --runs 5）' },
  },
  {
    name: 'start', load: () => import('../bench/start.ts'),
    says: { en: 'from the start of the process until it is ready (--starts 10)', zh: '进程启动到就绪的时间（--starts 10）' },
  },
];

export const run: Command = async ({ lang, args }) => {
  const [name, ...rest] = args;
  const bench = benches.find((one) => one.name === name);
  if (!bench) {
    const list = benches.map((one) => `  ${one.name.padEnd(10)} ${one.says[lang]}`).join('\n');
    throw new SetupError({ en: `Name a bench:\n${list}`, zh: `请指定一项基准测试：\n${list}` });
  }
  if (bench.captures) {
    const code = await inOwnNetwork(lang, argv.slice(1));
    if (code !== undefined) return code;
  }
  const { run } = await bench.load();
  return run({ lang, args: rest });
};
