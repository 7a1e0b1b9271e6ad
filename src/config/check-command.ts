/** `./rexian check`: says whether a configuration would be taken, and if not, why. */
import type { Language } from '../base/text.ts';
import { formatProblems } from './format.ts';
import { loadCentre } from './load.ts';

export function checkCommand(dir: string, language: Language): { readonly text: string; readonly ok: boolean } {
  const loaded = loadCentre(dir);
  const problems = loaded.ok ? loaded.warnings : loaded.problems;
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const lines = problems.length > 0 ? [formatProblems(problems, language), ''] : [];
  if (!loaded.ok) {
    lines.push(language === 'zh' ? `共 ${errors} 处错误，配置未被采用。` : `${errors} ${errors === 1 ? 'error' : 'errors'}; the configuration is refused.`);
  } else {
    const { config } = loaded;
    const counts = [config.queues.size, config.agents.size, config.flows.size, config.prompts.size];
    const [queues, agents, flows, prompts] = counts;
    lines.push(
      language === 'zh'
        ? `配置正确，版本 ${config.version}：${queues} 个队列，${agents} 名座席，${flows} 个流程，${prompts} 条提示音。`
        : `The configuration is good, version ${config.version}: ${queues} queues, ${agents} agents, ${flows} flows, ${prompts} prompts.`,
    );
  }
  return { text: lines.join('\n'), ok: loaded.ok };
}
