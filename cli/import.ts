import { globSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { stderr, stdout } from 'node:process';
import { parseArgs } from 'node:util';
import { stringify } from 'yaml';
import { SetupError } from '../runtime/setup-error.ts';
import { readAgents } from '../src/config/agents-file.ts';
import { readConf } from '../src/config/import/asterisk-conf.ts';
import type { Conf, Finder } from '../src/config/import/asterisk-conf.ts';
import { importQueues } from '../src/config/import/queues-conf.ts';
import { readQueues } from '../src/config/queues-file.ts';
import type { Command } from './main.ts';

/** Asterisk's queues.conf (and queuerules.conf) as our queues.yaml and agents.yaml, with what could not be taken over. */
export const run: Command = async ({ lang, args }) => {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { out: { type: 'string', default: 'imported' }, force: { type: 'boolean' } } });
  const [queuesFile, rulesFile, ...more] = positionals;
  if (queuesFile === undefined || more.length > 0) throw new SetupError({ en: 'Say what to import: ./rexian import queues.conf [queuerules.conf] [--out DIR]', zh: '请指定要导入的文件：./rexian import queues.conf [queuerules.conf] [--out 目录]' });
  const { queues, agents, notes } = importQueues(confIn(queuesFile), rulesFile === undefined ? undefined : confIn(rulesFile));

  // What we write is what we would read: a fault here is ours and nobody else's.
  const faults = [...readQueues(queues, new Set()).findings, ...readAgents(agents, Object.keys(queues)).findings];
  if (faults.length > 0) throw new Error(`the import made files that check refuses: ${JSON.stringify(faults[0])}`);

  const files = [[join(values.out, 'queues.yaml'), queues], [join(values.out, 'agents.yaml'), agents]] as const;
  const there = files.map(([file]) => file).find((file) => !values.force && statSync(file, { throwIfNoEntry: false }) !== undefined);
  if (there !== undefined) throw new SetupError({ en: `${there} is there already; --force writes over it.`, zh: `${there} 已存在；加 --force 覆盖。` });
  mkdirSync(values.out, { recursive: true });
  for (const [file, content] of files) writeFileSync(file, stringify(content, { lineWidth: 120 }));
  for (const { at, text } of notes) stdout.write(`${at.file}:${at.line}: ${text[lang]}\n`);
  const counts = [Object.keys(queues).length, Object.keys(agents).length, notes.length];
  stdout.write(lang === 'zh' ? `${notes.length > 0 ? '\n' : ''}已写入 ${values.out}：${counts[0]} 个队列，${counts[1]} 名座席；以上 ${counts[2]} 处请人工确认。\n` : `${notes.length > 0 ? '\n' : ''}Written to ${values.out}: ${counts[0]} queues, ${counts[1]} agents; the ${counts[2]} points above are for you to look at.\n`);
  return 0;
};

const fileBytesMax = 5_000_000;

function confIn(file: string): Conf {
  const text = textOf(file);
  if (text === undefined) throw new SetupError({ en: `${file} is not a file that can be read (at most ${fileBytesMax} bytes).`, zh: `无法读取文件 ${file}（最大 ${fileBytesMax} 字节）。` });
  return readConf(file, text, found(file));
}

/** As Asterisk looks for them: beside the file that is read first, unless they say where. */
const found = (first: string): Finder => (pattern) => {
  const path = isAbsolute(pattern) ? pattern : join(dirname(first), pattern);
  const files = path.includes('*') ? globSync(path).sort() : [path];
  return files.flatMap((file) => {
    const text = textOf(file);
    if (text === undefined) return [];
    return [{ file: file, text }];
  });
};

function textOf(file: string): string | undefined {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat === undefined || !stat.isFile()) return undefined;
  if (stat.size > fileBytesMax) {
    stderr.write(`! ${file} > ${fileBytesMax}\n`);
    return undefined;
  }
  return readFileSync(file, 'utf8');
}
