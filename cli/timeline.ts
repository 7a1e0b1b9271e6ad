// What the demo prints: who did what and when, and whether each promise was seen kept.

import type { Lang } from '../runtime/environment.ts';
import type { Text } from '../runtime/progress.ts';

export type Check = { name: string; ok: boolean; ms: number };

export class Timeline {
  readonly checks: Check[] = [];
  readonly #out: NodeJS.WriteStream;
  readonly #lang: Lang;
  #startedAt: number | undefined;

  constructor(out: NodeJS.WriteStream, lang: Lang) {
    this.#out = out;
    this.#lang = lang;
  }

  get ok(): boolean {
    return this.checks.length > 0 && this.checks.every((check) => check.ok);
  }

  title(text: Text): void {
    this.#out.write(`\n${this.#bold(text[this.#lang])}\n\n`);
  }

  /** The clock of the call starts here; until then there are no times in front. */
  begin(): void {
    this.#startedAt = performance.now();
  }

  happened(who: Text, what: Text): void {
    this.#line('·', who[this.#lang], what[this.#lang]);
  }

  /** Does the work and counts it as seen; a failure is told and ends the demo. */
  async check<Result>(name: string, what: Text, work: () => Promise<Result>): Promise<Result> {
    const startedAt = performance.now();
    const done = (ok: boolean): void => void this.checks.push({ name, ok, ms: Math.round(performance.now() - startedAt) });
    try {
      const result = await work();
      done(true);
      this.#line('✓', '', what[this.#lang]);
      return result;
    } catch (error) {
      done(false);
      this.#line('✗', '', what[this.#lang]);
      throw error;
    }
  }

  /** A plain fact that holds or does not; the demo goes on so that all of them are told. */
  holds(name: string, what: Text, ok: boolean, ms = 0): void {
    this.checks.push({ name, ok, ms: Math.round(ms) });
    this.#line(ok ? '✓' : '✗', '', what[this.#lang]);
  }

  print(lines: readonly string[]): void {
    this.#out.write(`${lines.join('\n')}\n`);
  }

  verdict(error?: Error): void {
    const failed = this.checks.filter((check) => !check.ok);
    if (error) this.#out.write(`\n✗ ${error.message}\n`);
    const zh = this.#lang === 'zh';
    if (this.ok && !error) this.#out.write(`\n${this.#bold(zh ? `✓ 全部 ${this.checks.length} 项检查通过` : `✓ all ${this.checks.length} checks hold`)}\n`);
    else this.#out.write(`\n${this.#bold(zh ? `✗ 未通过：${failed.map(({ name }) => name).join('、') || '未完成'}` : `✗ not seen: ${failed.map(({ name }) => name).join(', ') || 'not finished'}`)}\n`);
  }

  #line(mark: string, who: string, what: string): void {
    const time = this.#startedAt === undefined ? '       ' : `${((performance.now() - this.#startedAt) / 1000).toFixed(1).padStart(5)} s`;
    this.#out.write(`${time}  ${mark} ${who === '' ? '' : `${pad(who, 10)} `}${what}\n`);
  }

  #bold(text: string): string {
    return this.#out.isTTY ? `\x1b[1m${text}\x1b[0m` : text;
  }
}

/** Chinese characters take two columns. */
function pad(text: string, columns: number): string {
  const width = [...text].reduce((sum, letter) => sum + (/[\u2e80-\ua4cf\uff00-\uff60]/u.test(letter) ? 2 : 1), 0);
  return text + ' '.repeat(Math.max(0, columns - width));
}
