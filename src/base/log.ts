import { pino } from 'pino';
import type { DestinationStream, Logger } from 'pino';

/** One JSON line per event. Callers' numbers and digits are written masked wherever they may stand. */
export function makeLog(level: string, destination?: DestinationStream): Logger {
  const options = { level, base: null, redact: { paths: secretPaths, censor: mask }, hooks: { streamWrite: maskNumbers } };
  return destination === undefined ? pino(options) : pino(options, destination);
}

const secret = ['ani', 'caller', 'number', 'digits', 'digit', 'key', 'data', 'note', 'password', 'token', 'ticket', 'secret', 'authorization', 'cookie'];
const secretPaths = secret.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

/** The last four of a number stay, so that two calls can be told apart. */
function mask(value: unknown): string {
  return typeof value === 'string' && /^\+?\d{7,}$/.test(value) ? `***${value.slice(-4)}` : '***';
}

/**
 * Whatever the fields are called: an error of a library may quote the number it choked on. Ids and times stay, for in
 * them digits stand beside letters, dashes or a fraction, or are no text at all.
 */
export function maskNumbers(line: string): string {
  return line.replace(/"(?:[^"\\]|\\.)*"/g, (text) => text.replace(/(?<![\w-]|\d\.)\+?\d{3,}(\d{4})(?![\w-]|\.\d)/g, '***$1'));
}
