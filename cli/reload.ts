// The files of a centre that runs, taken as they are now; calls go on.

import { stderr, stdout } from 'node:process';
import { parseArgs } from 'node:util';
import { askControl } from '../runtime/control.ts';
import { SetupError } from '../runtime/setup-error.ts';
import { formatProblems } from '../src/config/format.ts';
import type { Command } from './main.ts';

export const run: Command = async ({ lang, args }) => {
  const { values } = parseArgs({ args, options: { state: { type: 'string', default: '.state' } } });
  const reloaded = await askControl(values.state, { type: 'reload' });
  if (reloaded === undefined) {
    throw new SetupError({
      en: `No centre runs with the state folder ${values.state}. Name its folder with --state; to a service that ./rexian up did not start, send SIGHUP.`,
      zh: `没有使用状态目录 ${values.state} 运行的呼叫中心。请用 --state 指定其目录；不是由 ./rexian up 启动的服务，请向其进程发送 SIGHUP。`,
    });
  }
  if (!reloaded.ok) {
    const lines = [...(reloaded.problems.length > 0 ? [formatProblems(reloaded.problems, lang), ''] : []), ...reloaded.reasons.map((text) => text[lang])];
    stderr.write(`${[...lines, lang === 'zh' ? '配置未被采用，一切照旧。' : 'The configuration is not taken, and nothing has changed.'].join('\n')}\n`);
    return 1;
  }
  const { version, changed, warnings } = reloaded;
  if (warnings.length > 0) stderr.write(`${formatProblems(warnings, lang)}\n\n`);
  if (changed) stdout.write(lang === 'zh' ? `已采用新配置，版本 ${version}。\n` : `The configuration is taken, version ${version}.\n`);
  else stdout.write(lang === 'zh' ? `配置没有变化，版本 ${version}。\n` : `These files hold already, version ${version}.\n`);
  return 0;
};
