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
