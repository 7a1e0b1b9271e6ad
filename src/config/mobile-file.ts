/** The phone that an agent carries, as agents.yaml has it. */
import { z } from 'zod';
import type { AgentConfig } from './agent-config.ts';
import { unknownName } from './problem.ts';
import type { Finding } from './problem.ts';
import { isRecord, shaped, strict } from './schema.ts';

const number = z.union([z.string(), z.number()]).transform(String).pipe(shaped(/^\+?\d{3,20}$/, {
  code: 'bad-number',
  text: { zh: '这不是可拨打的号码', en: 'this is not a number one can dial' },
  hint: { zh: '只写数字，前面可加 +；以 0 开头的请加引号', en: 'digits only, with an optional + in front; in quotes where it begins with 0' },
}));

export const mobileShape = strict({ number, trunk: z.string().optional() });

export const mobileOf = ({ number: dialled, trunk }: z.output<typeof mobileShape>): NonNullable<AgentConfig['mobile']> => ({ number: dialled, ...(trunk !== undefined && { trunk }) });

/** Its trunk is one of the centre's, and a phone that answers by itself is another one. */
export function mobileFindings(agents: unknown, trunks: readonly string[]): Finding[] {
  return Object.entries(isRecord(agents) ? agents : {}).flatMap(([agent, entry]): Finding[] => {
    const mobile = isRecord(entry) ? entry['mobile'] : undefined;
    if (!isRecord(entry) || !isRecord(mobile)) return [];
    const { trunk } = mobile;
    return [
      ...(typeof trunk !== 'string' || trunks.includes(trunk) ? [] : [{ path: [agent, 'mobile', 'trunk'], ...unknownName('trunk', trunk, trunks) }]),
      ...(entry['autoAnswer'] === true ? [{ path: [agent, 'autoAnswer'], code: 'auto-answer-mobile', text: { zh: '手机不能自动应答，需按 1 确认', en: 'a mobile does not answer by itself: 1 is to be pressed' } }] : []),
    ];
  });
}
