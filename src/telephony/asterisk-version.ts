/** Which versions of Asterisk may serve callers, and what is said of one that may not. */
import { z } from 'zod';
import type { Text } from '../base/text.ts';
import type { AriConnection } from './ari/connection.ts';

/** `unsafe` has holes that a caller or an agent could use; `too-old` lacks what we need; `unknown` says no version. */
export type Verdict = 'safe' | 'unsafe' | 'too-old' | 'unknown';

const oldestMajor = 20;
/** The first version without the known holes. */
const oldestSafe = [22, 10, 1] as const;

export function judge(version: string): Verdict {
  const numbers = /^(?:[A-Za-z]+[-/])*(\d+)(?:\.(\d+))?(?:\.(\d+))?/.exec(version)?.slice(1).map((part) => Number(part ?? 0));
  if (numbers === undefined) return 'unknown';
  if ((numbers[0] ?? 0) < oldestMajor) return 'too-old';
  for (const [index, least] of oldestSafe.entries()) {
    const number = numbers[index] ?? 0;
    if (number !== least) return number > least ? 'safe' : 'unsafe';
  }
  return 'safe';
}

export function versionText(version: string, verdict: Exclude<Verdict, 'safe'>): Text {
  const safe = oldestSafe.join('.');
  if (verdict === 'unsafe') {
    return {
      zh: `Asterisk ${version} 存在已知安全漏洞，${safe} 已修复：请升级 Asterisk 后再对外开放`,
      en: `Asterisk ${version} has known holes that ${safe} closed: upgrade Asterisk before strangers can call it`,
    };
  }
  return {
    zh: `Asterisk ${version || '（未知版本）'} 无法使用：需要 ${safe} 或更新版本`,
    en: `Asterisk ${version || '(unknown version)'} cannot be used: ${safe} or newer is needed`,
  };
}

/** Empty where Asterisk does not say; undefined where the connection went meanwhile. */
export async function versionOf(ari: Pick<AriConnection, 'request'>): Promise<string | undefined> {
  const answer = await ari.request({ method: 'GET', path: ['asterisk', 'info'], query: { only: 'system' } });
  if (!answer.answered) return undefined;
  return systemShape.safeParse(answer.body).data?.system.version ?? '';
}

const systemShape = z.object({ system: z.object({ version: z.string().max(200) }) });
