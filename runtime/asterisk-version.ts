// Is the Asterisk that we were given there, does it let us in, and is it safe to use?

import type { Progress } from './progress.ts';
import { SetupError } from './setup-error.ts';

const oldestMajor = 20;
/** The first version without the holes that a caller or agent could use. */
const oldestSafe = [22, 10, 1] as const;

export async function checkAsterisk(ari: { url: string; user: string; password: string }, progress: Progress): Promise<void> {
  const authorization = `Basic ${Buffer.from(`${ari.user}:${ari.password}`).toString('base64')}`;
  const response = await fetch(`${ari.url}/ari/asterisk/info?only=system`, { headers: { authorization } }).catch((cause: Error) => {
    throw new SetupError({
      en: `No Asterisk answers at ${ari.url} (${reasonOf(cause)}). Check ASTERISK_ARI_URL and http.conf.`,
      zh: `${ari.url} 没有 Asterisk 应答（${reasonOf(cause)}）。请检查 ASTERISK_ARI_URL 和 http.conf。`,
    }, { cause });
  });
  if (response.status === 401 || response.status === 403) {
    throw new SetupError({
      en: `Asterisk at ${ari.url} refuses the ARI user "${ari.user}": wrong name or password. Check ASTERISK_ARI_URL against ari.conf.`,
      zh: `${ari.url} 的 Asterisk 拒绝了 ARI 用户“${ari.user}”：用户名或密码错误。请对照 ari.conf 检查 ASTERISK_ARI_URL。`,
    });
  }
  const body = response.ok ? ((await response.json()) as { system?: { version?: string } }) : {};
  const version = body.system?.version ?? '';
  const verdict = judge(version);
  if (verdict === 'too-old') {
    throw new SetupError({
      en: `Asterisk ${version || '(unknown version)'} at ${ari.url} cannot be used: ${oldestMajor} or newer is needed, ${oldestSafe.join('.')} or newer is advised.`,
      zh: `${ari.url} 的 Asterisk ${version || '（未知版本）'} 无法使用：需要 ${oldestMajor} 或更新，建议 ${oldestSafe.join('.')} 或更新。`,
    });
  }
  if (verdict === 'unsafe') {
    progress.warn({
      en: `SECURITY: Asterisk ${version} has known holes that ${oldestSafe.join('.')} closed. Upgrade it before strangers can call it.`,
      zh: `安全警告：Asterisk ${version} 存在已知漏洞，${oldestSafe.join('.')} 已修复。请在对外开放前升级。`,
    });
  }
}

export function judge(version: string): 'safe' | 'unsafe' | 'too-old' {
  const numbers = /^(?:[a-z]+-)*(\d+)\.(\d+)(?:\.(\d+))?/.exec(version)?.slice(1).map((part) => Number(part ?? 0));
  if (!numbers || (numbers[0] ?? 0) < oldestMajor) return 'too-old';
  for (const [index, least] of oldestSafe.entries()) {
    const number = numbers[index] ?? 0;
    if (number !== least) return number > least ? 'safe' : 'unsafe';
  }
  return 'safe';
}

function reasonOf(error: Error): string {
  const cause = error.cause;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : error.message;
}
