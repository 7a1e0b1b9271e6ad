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

export function wholeOption(name: string, text: string, max: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= max) return value;
  throw new SetupError({ en: `${name} takes a whole number from 1 to ${max}, not "${text}".`, zh: `${name} 应为 1 到 ${max} 的整数，而不是“${text}”。` });
}
