// Every command, in the order in which help lists them.

import type { Text } from '../runtime/progress.ts';
import type { Command } from './main.ts';

export type Entry = { name: string; says: Text; options?: readonly (readonly [string, Text])[]; load: () => Promise<{ run: Command }> };

const state = ['--state DIR', { en: 'keep all state in DIR (default .state)', zh: '所有状态存放在 DIR（默认 .state）' }] as const;
const sipPort = ['--sip-port N', { en: 'the port phones use (default: a free one)', zh: '话机使用的端口（默认自动选择空闲端口）' }] as const;

export const commands: readonly Entry[] = [
  {
    name: 'demo',
    says: { en: 'one real call from dialling to the report, every promise checked', zh: '演示一通真实电话：从拨号到报表，逐项检查' },
    options: [state, ['--json', { en: 'end with one line of JSON', zh: '最后输出一行 JSON' }]],
    load: () => import('./demo.ts'),
  },
  {
    name: 'up',
    says: { en: 'run the whole centre until Ctrl-C', zh: '启动整个呼叫中心，按 Ctrl-C 停止' },
    options: [
      ['--config DIR', { en: 'the centre’s files (default config)', zh: '配置目录（默认 config）' }],
      state,
      ['--http-port N', { en: 'the port of the web page (default: a free one)', zh: '网页端口（默认自动选择空闲端口）' }],
      sipPort,
      ['--http-host A, --sip-host A', { en: 'listen on another address than 127.0.0.1', zh: '监听 127.0.0.1 以外的地址' }],
    ],
    load: () => import('./up.ts'),
  },
  {
    name: 'check',
    says: { en: 'check the centre’s files', zh: '检查配置文件' },
    options: [['--config DIR', { en: 'the centre’s files (default config)', zh: '配置目录（默认 config）' }]],
    load: () => import('./check.ts'),
  },
  {
    name: 'reload',
    says: { en: 'take the centre’s files as they are now, while calls go on', zh: '重新读取配置文件，通话不受影响' },
    options: [state],
    load: () => import('./reload.ts'),
  },
  {
    name: 'asterisk-conf',
    says: { en: 'write the files for an Asterisk of your own', zh: '为自己的 Asterisk 生成配置文件' },
    options: [
      ['--out DIR', { en: 'where to (default asterisk)', zh: '输出目录（默认 asterisk）' }],
      ['--config DIR', { en: 'the centre’s files (default config)', zh: '配置目录（默认 config）' }],
      state,
      ['--sip-host A, --sip-port N', { en: 'where its phones register (default 127.0.0.1, 5060)', zh: '话机注册地址（默认 127.0.0.1，5060）' }],
      ['--modules DIR, --data DIR', { en: 'its own folders (default: Debian’s)', zh: 'Asterisk 自身目录（默认为 Debian 的路径）' }],
    ],
    load: () => import('./asterisk-conf.ts'),
  },
  {
    name: 'test',
    says: { en: 'run all tests, the live ones included', zh: '运行全部测试，包括真实通话测试' },
    options: [['[FILE…] [-t NAME]', { en: 'only some of them', zh: '只运行其中一部分' }]],
    load: () => import('./test.ts'),
  },
  {
    name: 'import',
    says: { en: 'an Asterisk’s queues.conf as our files', zh: '把 Asterisk 的 queues.conf 转换为本系统的配置文件' },
    options: [
      ['queues.conf [queuerules.conf]', { en: 'what to read', zh: '要读取的文件' }],
      ['--out DIR, --force', { en: 'where to (default imported); write over what is there', zh: '输出目录（默认 imported）；覆盖已有文件' }],
    ],
    load: () => import('./import.ts'),
  },
  {
    name: 'simulate',
    says: { en: 'what the router makes of given calls and agents, on a virtual clock', zh: '用真实的路由程序在虚拟时钟上模拟来话与坐席' },
    options: [
      ['--traffic FILE|last-week|FROM..TO|generated', { en: 'who calls: a traffic file, a record as CSV, the centre’s own last days, or made up (see docs/simulate.md)', zh: '来话：traffic 文件、CSV 通话记录、本中心最近的通话，或自动生成（见 docs/simulate.md）' }],
      ['--config DIR', { en: 'the centre’s files (default config)', zh: '配置目录（默认 config）' }],
      state,
      ['--replications N, --seed S', { en: 'instead of the file’s own', zh: '替代文件中的设置' }],
      ['--threads N', { en: 'default: one for each core', zh: '默认每个核一个线程' }],
      ['--csv FILE', { en: 'write every figure there', zh: '把全部数据写入该文件' }],
      ['--json', { en: 'end with one line of JSON', zh: '最后输出一行 JSON' }],
    ],
    load: () => import('./simulate.ts'),
  },
  {
    name: 'compare',
    says: { en: 'which contacts another configuration would have led elsewhere, and what it comes to', zh: '换一份配置，哪些来话会有不同的去向，各项指标如何变化' },
    options: [
      ['--config DIR', { en: 'the other configuration', zh: '要比较的新配置' }],
      ['--traffic last-week|FROM..TO|FILE', { en: 'the centre’s own last seven days or a period, or a traffic file (see docs/simulate.md)', zh: '本中心最近七天或某一时段的通话，或 traffic 文件（见 docs/simulate.md）' }],
      ['--present DIR', { en: 'the present one (default: that of the centre that runs, else config)', zh: '现行配置（默认为正在运行的中心的配置，否则 config）' }],
      state,
      ['--replications N, --seed S, --threads N', { en: 'as of simulate', zh: '同 simulate' }],
      ['--json', { en: 'end with one line of JSON', zh: '最后输出一行 JSON' }],
    ],
    load: () => import('./compare.ts'),
  },
  {
    name: 'why',
    says: { en: 'why a contact went where it went, or why an agent did not get it', zh: '解释一通电话为何这样分配，或某坐席为何没有接到' },
    options: [
      ['contact ID', { en: 'each decision, with everyone who came into question', zh: '逐项决定及所有候选坐席' }],
      ['agent ID --not contact ID', { en: 'what kept the agent from it, from when to when', zh: '该坐席各时段未接到的原因' }],
      state,
      ['--config DIR', { en: 'instead of that of the centre that runs', zh: '替代正在运行的中心的配置目录' }],
      ['--json', { en: 'end with one line of JSON', zh: '最后输出一行 JSON' }],
    ],
    load: () => import('./why.ts'),
  },
  {
    name: 'replay',
    says: { en: 'the centre as it was at a moment, from its events', zh: '用事件重现某一时刻的呼叫中心' },
    options: [
      ['--at TIME', { en: 'such as 10:32:05 or 2026-05-20T10:32:05, in the centre’s time zone', zh: '例如 10:32:05 或 2026-05-20T10:32:05，按中心所在时区' }],
      state,
      ['--config DIR', { en: 'instead of that of the centre that runs', zh: '替代正在运行的中心的配置目录' }],
      ['--json', { en: 'end with one line of JSON', zh: '最后输出一行 JSON' }],
    ],
    load: () => import('./replay.ts'),
  },
  {
    name: 'bench',
    says: { en: 'measure, each figure beside its peer', zh: '性能测试，每项数据都与对照系统并列' },
    options: [
      ['NAME', { en: 'which one; without it they are listed', zh: '测试名称；不写则列出全部' }],
      ['--json', { en: 'end with one line of JSON', zh: '最后输出一行 JSON' }],
    ],
    load: () => import('./bench.ts'),
  },
  {
    name: 'torture',
    says: { en: 'do faults to a centre of its own on this machine and tell which promises held', zh: '对本机上独立的呼叫中心制造故障，报告各项承诺是否守住' },
    options: [
      ['[CASE…]', { en: 'only these, or all of an area', zh: '只运行这些用例，或某一类的全部用例' }],
      ['--all', { en: 'in their long form', zh: '运行完整版' }],
      ['--list', { en: 'list the cases', zh: '列出全部用例' }],
      ['--seed N', { en: 'play the same again', zh: '用同一种子重现' }],
      ['--minutes N', { en: 'how long the random schedule lasts', zh: '随机安排持续的分钟数' }],
      ['--json', { en: 'end with one line of JSON', zh: '最后输出一行 JSON' }],
    ],
    load: () => import('./torture.ts'),
  },
  {
    name: 'runtime',
    says: { en: 'start Redis, PostgreSQL and Asterisk alone, print their addresses, run until Ctrl-C', zh: '只启动 Redis、PostgreSQL 和 Asterisk，显示地址，运行到按 Ctrl-C 为止' },
    options: [
      state, sipPort,
      ['--agents IDS', { en: 'agents whose phones may register (default 1001,1002)', zh: '可以注册话机的坐席工号（默认 1001,1002）' }],
      ['--json', { en: 'print one line of JSON instead', zh: '改为输出一行 JSON' }],
    ],
    load: () => import('./runtime.ts'),
  },
  {
    name: 'prefix',
    says: { en: 'only download and unpack the servers', zh: '只下载并解开各服务程序' },
    load: () => import('./prefix.ts'),
  },
  { name: 'help', says: { en: 'list the commands', zh: '列出全部命令' }, load: () => import('./help.ts') },
];
