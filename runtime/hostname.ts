// Asterisk asks for its own host name at start and stalls for multiples of five seconds when nobody knows it.

import { lookup } from 'node:dns/promises';
import { hostname } from 'node:os';
import type { Progress } from './progress.ts';

export async function checkHostname(progress: Progress): Promise<void> {
  const name = hostname();
  const startedAt = performance.now();
  const known = await lookup(name).then(() => true, () => false);
  if (known && performance.now() - startedAt < 1_000) return;
  progress.warn({
    en: `This machine cannot resolve its own name "${name}", so Asterisk starts slowly. As root: echo "127.0.1.1 ${name}" >> /etc/hosts`,
    zh: `本机无法解析自己的主机名“${name}”，Asterisk 启动会变慢。请以 root 执行：echo "127.0.1.1 ${name}" >> /etc/hosts`,
  });
}
