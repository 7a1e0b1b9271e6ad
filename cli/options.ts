import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SetupError } from '../runtime/setup-error.ts';

export const root = fileURLToPath(new URL('..', import.meta.url));
export const defaultConfig = join(root, 'config');

/** 0 asks for a free port. */
export function portOption(name: string, text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new SetupError({ en: `${name} takes a port from 0 to 65535, not "${text}".`, zh: `${name} 应为 0 到 65535 的端口号，而不是“${text}”。` });
}
