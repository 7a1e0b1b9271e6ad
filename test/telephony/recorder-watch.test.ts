import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { until } from '../../runtime/until.ts';
import { recordingId } from '../../src/base/ids.ts';
import { watchRecorder, type RecorderState, type RecorderWatch } from '../../src/telephony/recorder-watch.ts';
import { patientMs } from '../support/patient.ts';

let root: string;
let folder: string;
let watch: RecorderWatch;
let seen: RecorderState[];
let lost: string[];
let managed: boolean;
let looks = 0;
const one = recordingId('rx-r-c-1-1');

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'rexian-recorder-'));
  folder = join(root, 'recordings');
  await mkdir(folder);
  [seen, lost, managed] = [[], [], true];
});

afterEach(async () => {
  watch.stop();
  await rm(root, { recursive: true });
});

function begin(): void {
  watch = watchRecorder({
    recordingsDir: folder, everyMs: 50, running: () => (looks += 1, [one]), managed: () => managed,
    seen: (state) => seen.push(state), lost: (recording, why) => lost.push(`${recording} ${why}`),
  });
}

const faults = () => seen.map(({ fault }) => fault);
const fault = (wanted: string | undefined): Promise<unknown> => until(() => (seen.length > 0 && faults().at(-1) === wanted ? true : undefined), { limitMs: patientMs, what: `the recorder to be seen ${wanted ?? 'well'}` });

describe('the watch on the recorder', () => {
  test('finds nothing to tell while all is well, and leaves nothing in the folder', async () => {
    begin();
    await watch.firstLook;
    expect(faults().filter((each) => each !== undefined)).toEqual([]);
    expect(await readdir(folder)).toEqual([]);
  });

  test('a folder that is gone is missing until it can be made again', async () => {
    begin();
    await watch.firstLook;
    await rename(folder, join(root, 'away'));
    await writeFile(folder, 'in the way');
    await fault('recordings-missing');
    await rm(folder);
    await fault(undefined);
    expect(await readdir(folder)).toEqual([]);
  });

  // Takes no file from anybody, root included.
  test('a folder that takes no file is unwritable', async () => {
    folder = '/sys';
    begin();
    await fault('recordings-unwritable');
  });

  test('without the manager nothing can be recorded; one that is back at once is not told of', async () => {
    begin();
    await watch.firstLook;
    managed = false;
    await fault('recordings-unmanaged');
    managed = true;
    await fault(undefined);
  });

  test('a recording whose file is not there is lost, and told of once', async () => {
    begin();
    await until(() => (lost.length > 0 ? true : undefined), { limitMs: patientMs, what: 'the lost recording' });
    const asked = looks;
    await until(() => (looks > asked + 3 ? true : undefined), { limitMs: patientMs, what: 'some more looks' });
    expect(lost).toEqual([`${one} file-missing`]);
  });
});
