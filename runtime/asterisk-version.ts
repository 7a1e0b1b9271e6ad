// Is the Asterisk that we were given there, does it let us in, and is it safe to use?

import { judge, versionText } from '../src/telephony/asterisk-version.ts';
import type { Progress } from './progress.ts';
import { SetupError } from './setup-error.ts';

export async function checkAsterisk(ari: { url: string; user: string; password: string }, insecure: 'refuse' | 'warn', progress: Progress): Promise<void> {
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
  if (verdict === 'safe') return;
  const { zh, en } = versionText(version, verdict);
  const text = { zh: `安全警告：${ari.url} 的 ${zh}`, en: `SECURITY: at ${ari.url}, ${en}` };
  if (insecure === 'refuse') throw new SetupError({ zh: `${text.zh}。若仅供试用，可设置 REXIAN_INSECURE=warn。`, en: `${text.en}. For a trial only, REXIAN_INSECURE=warn goes on all the same.` });
  progress.warn(text);
}

function reasonOf(error: Error): string {
  const cause = error.cause;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : error.message;
}
