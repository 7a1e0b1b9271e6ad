import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test, vi } from 'vitest';
import { decodeWav } from '../../runtime/wav.ts';
import { finalizeRecording, rawPath, type FinalizeOptions } from '../../src/recording/finalize.ts';
import { startFinalizer } from '../../src/recording/finalizer.ts';
import { sweepRecordings } from '../../src/recording/sweep.ts';
import { jobsPrefix } from '../../src/store/keys.ts';
import { findRecording } from '../../src/store/recordings.ts';
import { entries, project } from '../store/support/rows.ts';
import { linkTo, newCentre, newDatabase, newRedis, redisOver, silent, until, type TestDatabase } from '../store/support/stores.ts';
import { answered } from '../store/support/story.ts';
import { ownTime } from '../support/own-time.ts';

let own: TestDatabase;
let options: FinalizeOptions;
const id = 'rx-r-c-1-1';
const wav = '2026/05/21/rx-r-c-1-1.wav';
/** 00:30 of the next day in Shanghai. */
const at = Date.UTC(2026, 4, 20, 16, 30);

beforeAll(async () => {
  own = await newDatabase();
});
afterAll(() => own.drop());
beforeEach(async () => {
  options = { db: own.db, centre: newCentre(), recordingsDir: await mkdtemp(join(tmpdir(), 'rexian-recordings-')), timeZone: () => 'Asia/Shanghai', log: silent };
  await project(own.db, options.centre, entries(answered({ at })));
});
afterEach(async () => {
  vi.useRealTimers();
  await rm(options.recordingsDir, { recursive: true });
});

/** The seconds that a file is given to settle go by as a test wants: on a busy machine more than one may pass between two lines of it. */
const clockStands = (): void => void vi.useFakeTimers({ toFake: ['Date'] });

/** Left counts up, right counts down, so that a swapped or shifted side shows. */
function stereo(frames: number): Buffer {
  const samples = new Int16Array(frames * 2);
  for (let i = 0; i < frames; i += 1) samples.set([i % 30_000, -(i % 30_000)], i * 2);
  return Buffer.from(samples.buffer);
}

async function writeRaw(content: Buffer, ageSeconds = 10): Promise<void> {
  const file = rawPath(options.recordingsDir, id);
  await writeFile(file, content);
  const then = Date.now() / 1_000 - ageSeconds;
  await utimes(file, then, then);
}

const row = () => findRecording(own.db, options.centre, id);
const files = async () => (await readdir(options.recordingsDir, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).map(({ name }) => name);

async function expectDone(frames: number): Promise<void> {
  const file = await readFile(join(options.recordingsDir, wav));
  expect(await row()).toMatchObject({
    status: 'finalised', reason: null, path: wav, duration_ms: frames / 8, size_bytes: 44 + frames * 4,
    sha256: createHash('sha256').update(file).digest('hex'), format: 'wav pcm_s16le 8000 Hz stereo',
  });
  expect(await files()).toEqual(['rx-r-c-1-1.wav']);
}

test('a raw file becomes a WAV file of the day on which the talk began, with a row that knows it', async () => {
  await writeRaw(stereo(80_000));
  expect(await finalizeRecording(options, id)).toBeNull();
  await expectDone(80_000);
  const file = await readFile(join(options.recordingsDir, wav));
  expect(file.subarray(44)).toEqual(stereo(80_000));
  const { sampleRate, channels } = decodeWav(file);
  expect([sampleRate, channels.length, channels[0]?.length]).toEqual([8_000, 2, 80_000]);
});

test('a file that is still being written is left for later', async () => {
  clockStands();
  await writeRaw(stereo(100), 0);
  vi.setSystemTime(Date.now() + 500);
  expect(await finalizeRecording(options, id)).toBeGreaterThan(0);
  expect(await row()).toMatchObject({ status: 'stopped' });
});

test.each([
  ['while the part was written', async () => writeFile(join(options.recordingsDir, `${id}.0badcafe.part`), 'half')],
  ['after the rename, before the row', async () => {
    await finalizeRecording(options, id);
    await writeRaw(stereo(8_000));
    await own.db.updateTable('recording').set({ status: 'stopped', path: null, sha256: null, size_bytes: null, duration_ms: null }).where('centre', '=', options.centre).execute();
  }],
  ['after the row, before the raw file was removed', async () => {
    await finalizeRecording(options, id);
    await writeRaw(stereo(8_000));
  }],
  ['after everything', async () => void (await finalizeRecording(options, id))],
])('a process that died %s: running again is harmless and finishes', async (_, died) => {
  await writeRaw(stereo(8_000));
  await died();
  const finished = await row();
  expect(await finalizeRecording(options, id)).toBeNull();
  await sweepRecordings(options, new Date(Date.now() + 2 * 3_600_000));
  await expectDone(8_000);
  if (finished?.status === 'finalised') expect(await row()).toEqual(finished);
  expect(await finalizeRecording(options, id)).toBeNull();
  await expectDone(8_000);
});

test('the half that a killed run left goes with the run that finishes, and not an hour later', async () => {
  await writeRaw(stereo(8_000));
  await writeFile(join(options.recordingsDir, `${id}.0badcafe.part`), 'half');
  await writeFile(join(options.recordingsDir, `${id}1.0badcafe.part`), 'another');
  await finalizeRecording(options, id);
  expect(await files()).toEqual([`${id}1.0badcafe.part`, 'rx-r-c-1-1.wav']);
});

test('a finished row whose WAV file is gone keeps its raw file: it is the only copy', async () => {
  await writeRaw(stereo(8_000));
  await finalizeRecording(options, id);
  await rm(join(options.recordingsDir, wav));
  await writeRaw(stereo(8_000));
  await finalizeRecording(options, id);
  expect(existsSync(rawPath(options.recordingsDir, id))).toBe(true);
});

test('two runs at once end as one', async () => {
  await writeRaw(stereo(400_000));
  // The slower one may find the raw file gone; as a job it would simply run again.
  await Promise.allSettled([finalizeRecording(options, id), finalizeRecording(options, id)]);
  await finalizeRecording(options, id);
  await expectDone(400_000);
});

test('a file that ends within a sample is kept without the half and called partial', async () => {
  await writeRaw(Buffer.concat([stereo(8_000), Buffer.from([1, 2, 3])]));
  await finalizeRecording(options, id);
  expect(await row()).toMatchObject({ status: 'partial', reason: 'ends-within-a-sample', duration_ms: 1_000, size_bytes: 44 + 32_000 });
});

test('what there is of a recording that failed becomes a file, and stays marked with what went wrong', async () => {
  await own.db.updateTable('recording').set({ status: 'failed', reason: 'disk-full' }).where('centre', '=', options.centre).execute();
  await writeRaw(stereo(16_000));
  await finalizeRecording(options, id);
  expect(await row()).toMatchObject({ status: 'partial', reason: 'disk-full', path: wav, duration_ms: 2_000 });
  expect(await files()).toEqual(['rx-r-c-1-1.wav']);
});

test('of one that failed with nothing on it no empty file is left, and the row keeps what went wrong', async () => {
  await own.db.updateTable('recording').set({ status: 'failed', reason: 'disk-full' }).where('centre', '=', options.centre).execute();
  await writeRaw(Buffer.alloc(0));
  await finalizeRecording(options, id);
  expect(await row()).toMatchObject({ status: 'failed', reason: 'disk-full', path: null });
  expect(await files()).toEqual([]);
});

test.each([['an hour back', 3_600], ['an hour forward', -3_600]])('a clock that was set %s neither holds a file up nor cuts one off', async (_, ageSeconds) => {
  await writeRaw(stereo(8_000), -ageSeconds);
  const done = finalizeRecording(options, id);
  if (ageSeconds > 0) await writeFile(rawPath(options.recordingsDir, id), stereo(4_000), { flag: 'a' });
  const again = await done;
  if (ageSeconds > 0) expect(again).toBeGreaterThan(0);
  await utimes(rawPath(options.recordingsDir, id), new Date(Date.now() - 10_000), new Date(Date.now() - 10_000)).catch(() => undefined);
  await finalizeRecording(options, id);
  expect(await row()).toMatchObject({ status: 'finalised', duration_ms: ageSeconds > 0 ? 1_500 : 1_000 });
});

test.each([
  ['missing', 'raw-missing', async () => {}],
  ['empty', 'raw-empty', async () => writeRaw(Buffer.alloc(0))],
])('a raw file that is %s fails with the reason and leaves nothing behind', async (_, reason, prepare) => {
  await prepare();
  await finalizeRecording(options, id);
  expect(await row()).toMatchObject({ status: 'failed', reason, path: null });
  expect(await files()).toEqual([]);
});

test('a raw file that is not there yet as the talk has just ended is waited for', async () => {
  clockStands();
  await own.db.updateTable('recording').set({ stopped_at: new Date() }).where('centre', '=', options.centre).execute();
  vi.setSystemTime(Date.now() + 500);
  expect(await finalizeRecording(options, id)).toBeGreaterThan(0);
  expect(await row()).toMatchObject({ status: 'stopped' });
  await writeRaw(stereo(8_000));
  await finalizeRecording(options, id);
  await expectDone(8_000);
});

test('a WAV file that stands alone is adopted rather than called lost', async () => {
  await writeRaw(stereo(8_000));
  await finalizeRecording(options, id);
  const kept = join(options.recordingsDir, 'kept');
  await rename(join(options.recordingsDir, wav), kept);
  await own.db.updateTable('recording').set({ status: 'stopped', path: null }).where('centre', '=', options.centre).execute();
  await mkdir(join(options.recordingsDir, '2026/05/21'), { recursive: true });
  await rename(kept, join(options.recordingsDir, wav));
  await finalizeRecording(options, id);
  await expectDone(8_000);
});

test('a folder that cannot be written fails the job, and loses neither the raw file nor the next try', async () => {
  await writeRaw(stereo(8_000));
  await writeFile(join(options.recordingsDir, '2026'), 'in the way');
  await expect(finalizeRecording(options, id)).rejects.toThrow();
  expect(await files()).toEqual(expect.arrayContaining([`${id}.raw`]));
  expect(await row()).toMatchObject({ status: 'stopped' });
  await rm(join(options.recordingsDir, '2026'));
  await finalizeRecording(options, id);
  await expectDone(8_000);
});

test('the sweep finds what was missed and reports what nobody knows', async () => {
  await writeRaw(stereo(8_000));
  const stranger = rawPath(options.recordingsDir, 'rx-r-unknown-1');
  await writeFile(stranger, stereo(10));
  await writeFile(join(options.recordingsDir, `${id}.0badcafe.part`), 'half');
  expect(await sweepRecordings(options, new Date())).toEqual({ unfinished: [id], orphans: [] });
  const later = new Date(Date.now() + 2 * 3_600_000);
  expect(await sweepRecordings(options, later)).toEqual({ unfinished: [id], orphans: ['rx-r-unknown-1.raw'] });
  expect((await files()).toSorted()).toEqual([`${id}.raw`, 'rx-r-unknown-1.raw']);
});

test('a recording that was never said to stop is finished once its contact is over', async () => {
  const { centre } = options;
  await own.db.updateTable('recording').set({ status: 'recording', stopped_at: null }).where('centre', '=', centre).execute();
  expect((await sweepRecordings(options, new Date(at + 60_000))).unfinished).toEqual([]);
  expect((await sweepRecordings(options, new Date(at + 600_000))).unfinished).toEqual([id]);
});

test('the job: enqueued twice and swept at start, each recording is finished once', async () => {
  const redis = await newRedis();
  const finalizer = startFinalizer({ ...options, redis });
  await writeRaw(stereo(16_000), 0);
  finalizer.enqueue(id);
  finalizer.enqueue(id);
  await until(row, (recording) => recording?.status === 'finalised');
  await until(files, (names) => names.length === 1);
  await expectDone(16_000);
  await finalizer.stop();
  await redis.quit();
});

test('jobs that Redis forgot are found when they are asked to hurry', async () => {
  const redis = await newRedis();
  // Still being written as long as the clock stands, so its job waits; then nothing knows of it any more.
  clockStands();
  await writeRaw(stereo(16_000), 0);
  vi.setSystemTime(Date.now() + 500);
  const finalizer = startFinalizer({ ...options, redis });
  await finalizer.sweep();
  const jobs = `${jobsPrefix(options.centre)}:recording-finalise:`;
  // In one moment, as a Redis does that starts again with nothing.
  const forget = `return redis.call('ZSCORE', KEYS[1], ARGV[1]) and redis.call('DEL', unpack(redis.call('KEYS', ARGV[2]))) or 0`;
  await until(() => redis.eval(forget, 1, `${jobs}delayed`, id, `${jobs.replace(/[{}]/g, '\\$&')}*`), (forgotten) => Number(forgotten) > 1);
  vi.useRealTimers();
  finalizer.hurry();
  await until(row, (recording) => recording?.status === 'finalised');
  await finalizer.stop();
  await redis.quit();
});

test('with Redis away, enqueueing does not throw and stopping does not hang', async () => {
  const link = await linkTo(inject('runtime').redisUrl);
  const redis = await redisOver(link);
  const finalizer = startFinalizer({ ...options, redis });
  await finalizer.sweep();
  link.swallow();
  finalizer.enqueue(id);
  const took = ownTime();
  await finalizer.stop();
  expect(took()).toBeLessThan(8_000);
  redis.disconnect();
  await link.close();
});
