import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { until } from '../../runtime/until.ts';
import { LogSink } from '../../src/base/log-sink.ts';
import { makeLog } from '../../src/base/log.ts';
import { patientMs } from '../support/patient.ts';

let folder: string;
let open: number[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rexian-sink-'));
  open = [];
});

afterEach(() => {
  for (const fd of open) closeSync(fd);
  rmSync(folder, { recursive: true });
});

function opened(path: string, flags: number): number {
  const fd = openSync(path, flags);
  open.push(fd);
  return fd;
}

/** A pipe holds 64 KB, and then it is as full as any disk until somebody reads. */
function pipe(): { reader: number; writer: number } {
  const path = join(folder, 'pipe');
  execFileSync('mkfifo', [path]);
  return { reader: opened(path, constants.O_RDONLY | constants.O_NONBLOCK), writer: opened(path, constants.O_WRONLY | constants.O_NONBLOCK) };
}

function readNow(fd: number): string {
  const buffer = Buffer.alloc(256 * 1024);
  try {
    return buffer.toString('utf8', 0, readSync(fd, buffer));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return '';
    throw error;
  }
}

describe('where log lines go', () => {
  test('each line arrives once, in order and whole, also after a reader that was slow', async () => {
    const { reader, writer } = pipe();
    const sink = new LogSink(writer);
    const lines = Array.from({ length: 5_000 }, (_, index) => `line ${index} ${'x'.repeat(100)}\n`);
    for (const line of lines) sink.write(line);
    let read = '';
    await until(() => ((read += readNow(reader)).length >= lines.join('').length ? true : undefined), { limitMs: patientMs, what: 'all lines' });
    expect(read).toBe(lines.join(''));
    expect(sink.lost).toBe(0);
  });

  test('a full disk stops nobody: the lines past the limit are counted, and the end of the process does not wait', async () => {
    const sink = new LogSink(opened('/dev/full', constants.O_WRONLY));
    const log = makeLog('info', sink);
    for (let index = 0; index < 50_000; index += 1) log.info({ index, filler: 'x'.repeat(100) }, 'one of many');
    await until(() => (sink.lost > 0 ? true : undefined), { limitMs: patientMs, what: 'lost lines' });
    await new Promise((resolve) => setImmediate(resolve));
    expect(sink.lastWords()).toBe(true);
  });

  test('what was lost is told as soon as there is room again', async () => {
    const { reader, writer } = pipe();
    const sink = new LogSink(writer);
    const line = `${'x'.repeat(999)}\n`;
    for (let index = 0; index < 10_000; index += 1) sink.write(line);
    const { lost } = sink;
    expect(lost).toBeGreaterThan(1_000);
    let read = '';
    await until(() => ((read += readNow(reader)).includes('log-lines-lost') ? true : undefined), { limitMs: patientMs, everyMs: 1, what: 'the word of what was lost' });
    expect(JSON.parse(read.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({ level: 50, code: 'log-lines-lost', lines: lost });
    expect(read.split('\n').filter((one) => one === line.trimEnd())).toHaveLength(10_000 - lost);
  });

  test('a reader that is gone is not written to again', async () => {
    const { reader, writer } = pipe();
    closeSync(reader);
    open = open.filter((fd) => fd !== reader);
    const sink = new LogSink(writer);
    sink.write('nobody reads this\n');
    await until(() => {
      sink.write('nor this\n');
      return sink.lost > 0 ? true : undefined;
    }, { limitMs: patientMs, what: 'the sink closed' });
    expect(sink.lastWords()).toBe(true);
  });
});
