// The sample centre, in a hurry: the same flows and people, with times that a test can wait for.

import { editedConfig, type Edits } from '../../stage/edited-config.ts';

/** Straight into a queue, for tests that are not about the menu. */
export const straightIn = '4100';
const hurry: Edits = {
  'centre.yaml': { [`numbers/${straightIn}`]: 'straight-in', 'backOff/busy': '1s', 'backOff/unreachable': '1s' },
  'queues.yaml': { 'billing/ring': '3s', 'billing/wrapUp/time': '300ms', 'general/ring': '3s', 'general/wrapUp/time': '300ms' },
  'prompts.yaml': { 'welcome/zh': '您好。', 'main-menu/zh': '请按一，或按二。', 'to-agent/zh': '请稍候。', 'service-menu/zh': '请按一，或按零。', 'manager-away/zh': '请稍候。' },
};

/** A folder of its own; whoever asked removes it. */
export function quickConfig(edits: Edits = {}, flows: Readonly<Record<string, string>> = {}): Promise<string> {
  return editedConfig([hurry, edits], { 'straight-in': 'start: line\nnodes:\n  line: { queue: billing }\n', ...flows });
}
