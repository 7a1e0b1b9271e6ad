/**
 * Where log lines go: a file descriptor that may be full, closed, or stuck, and that must stop nobody. Pino's own
 * destination throws at a full disk and then, at the exit of the process, tries again for ever (sonic-boom 4.2).
 *
 *   writing ──▶ waiting (full or busy: tried again) ──▶ writing
 *      └─────▶ closed: nobody reads any more, lines are only counted
 */
import { write, writeSync } from 'node:fs';

/** Lines kept while the disk is full or the reader is slow; past it they are lost, and counted. */
const keptBytesMax = 4 * 1024 * 1024;
const againMs = { full: 1_000, busy: 20 } as const;
/** A write that takes longer than this has a reader that does not read. */
const stuckMs = 1_000;

export class LogSink {
  readonly #fd: number;
  /** The first may be half written. */
  #kept: Buffer[] = [];
  #keptBytes = 0;
  #writingSince = 0;
  #state: 'idle' | 'writing' | 'waiting' | 'closed' = 'idle';
  #lost = 0;
  #untold = 0;

  constructor(fd: number) {
    this.#fd = fd;
  }

  /** Lines that are in no log. */
  get lost(): number {
    return this.#lost;
  }

  /** Never throws and never waits. */
  write(line: string): void {
    const bytes = Buffer.from(line);
    if (this.#state === 'closed' || this.#keptBytes + bytes.length > keptBytesMax) {
      this.#lost += 1;
      this.#untold += 1;
      return;
    }
    this.#keep(bytes);
    if (this.#state === 'idle') this.#writeOn();
  }

  /** What is still here, in one try, for the very end of the process. False when a write hangs: then the end would, too. */
  lastWords(): boolean {
    const writing = this.#state === 'writing';
    if (writing && performance.now() - this.#writingSince > stuckMs) return false;
    try {
      // The first is in the hands of a thread, which the process waits for.
      const left = writing ? this.#kept.slice(1) : this.#kept;
      if (left.length > 0) writeSync(this.#fd, Buffer.concat(left));
    } catch (error) {
      this.#failed(error as NodeJS.ErrnoException);
    }
    return true;
  }

  #keep(bytes: Buffer): void {
    this.#kept.push(bytes);
    this.#keptBytes += bytes.length;
  }

  #writeOn(): void {
    const chunk = Buffer.concat(this.#kept);
    this.#kept = [chunk];
    this.#state = 'writing';
    this.#writingSince = performance.now();
    write(this.#fd, chunk, (error, written) => {
      this.#state = 'idle';
      if (error === null) this.#wrote(written);
      else this.#failed(error);
    });
  }

  #wrote(bytes: number): void {
    const [chunk = Buffer.alloc(0), ...newer] = this.#kept;
    this.#kept = bytes < chunk.length ? [chunk.subarray(bytes), ...newer] : newer;
    this.#keptBytes -= bytes;
    if (this.#untold > 0 && this.#kept.length === 0) {
      this.#keep(Buffer.from(`${JSON.stringify({ level: 50, time: Date.now(), code: 'log-lines-lost', lines: this.#untold, msg: 'the log could not be written, lines are lost' })}\n`));
      this.#untold = 0;
    }
    if (this.#kept.length > 0) this.#writeOn();
  }

  #failed({ code }: NodeJS.ErrnoException): void {
    if (code === 'EPIPE' || code === 'EBADF') {
      this.#state = 'closed';
      this.#kept = [];
      this.#keptBytes = 0;
      return;
    }
    this.#state = 'waiting';
    setTimeout(() => this.#writeOn(), code === 'EAGAIN' ? againMs.busy : againMs.full).unref();
  }
}
