import { stdout } from 'node:process';
import { commands } from './commands.ts';
import type { Command } from './main.ts';

export const run: Command = async ({ lang }) => {
  const lines = [
    lang === 'zh' ? 'Rexian 热线：基于 Asterisk 的开放呼叫中心' : 'Rexian 热线: an open call centre on Asterisk',
    '',
    lang === 'zh' ? '用法：./rexian 命令 [选项] [--lang en|zh]' : 'Usage: ./rexian COMMAND [options] [--lang en|zh]',
    '',
  ];
  for (const { name, says, options = [] } of commands) {
    lines.push(`  ${name.padEnd(15)}${says[lang]}`);
    for (const [option, text] of options) lines.push(`  ${''.padEnd(15)}  ${option.padEnd(29)}${text[lang]}`);
  }
  const variables = lang === 'zh'
    ? [
        ['DATABASE_URL', '使用自己的 PostgreSQL'],
        ['REDIS_URL', '使用自己的 Redis（7 或更新）'],
        ['ASTERISK_ARI_URL', '使用自己的 Asterisk：http://用户:密码@主机:8088'],
        ['ASTERISK_AMI_URL', '同上：ami://用户:密码@主机:5038'],
        ['REXIAN_CACHE', '下载的程序存放处（默认 ~/.cache/rexian）'],
        ['REXIAN_DEBIAN_MIRROR', 'Debian 镜像，例如 http://deb.debian.org/debian'],
      ]
    : [
        ['DATABASE_URL', 'a PostgreSQL of your own'],
        ['REDIS_URL', 'a Redis of your own (7 or newer)'],
        ['ASTERISK_ARI_URL', 'an Asterisk of your own: http://user:password@host:8088'],
        ['ASTERISK_AMI_URL', 'the same: ami://user:password@host:5038'],
        ['REXIAN_CACHE', 'where downloaded programs are kept (default ~/.cache/rexian)'],
        ['REXIAN_DEBIAN_MIRROR', 'a Debian mirror, such as http://deb.debian.org/debian'],
      ];
  lines.push('', lang === 'zh' ? '环境变量：' : 'Environment:', ...variables.map(([name = '', text = '']) => `  ${name.padEnd(22)}${text}`), '');
  stdout.write(lines.join('\n'));
  return 0;
};
