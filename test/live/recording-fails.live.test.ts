// A recording that cannot be written: the call is worth more than its recording, and nobody is left to believe in one.

import { readFile, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toneSeconds } from '../../runtime/tone.ts';
import { until } from '../../runtime/until.ts';
import { recordings, type FoundRecording } from '../../src/store/recordings.ts';
import { recordingOf } from '../../src/telephony/ids.ts';
import { startLiveCentre, type LiveCentre } from '../support/live-centre.ts';
import { straight, straightLines } from '../support/straight-lines.ts';
import { expectWhole } from '../support/whole-story.ts';

let configDir: string;
let centre: LiveCentre;

beforeAll(async () => {
  configDir = await straightLines();
  centre = await startLiveCentre({ configDir });
});

afterAll(async () => {
  await centre?.stop();
  await rm(configDir, { recursive: true, force: true });
});

// Links of one recording's own file, because a folder's rights do not hold for root and a full disk is everybody's.
test.each([
  ['no room on the disk', '13900000001', '1001', '/dev/full', 'raw-empty'],
  ['a folder that cannot be written', '13900000002', '1002', '/nowhere/to/write', 'raw-missing'],
])('%s: the talk goes on, the recording is marked failed, the log says so', async (_, from, agent, target, reason) => {
  const supervisor = await centre.desktop('2001');
  const caller = await centre.caller(from, { tone: 1850 });
  await caller.dial(straight.low);
  const { message } = await supervisor.waitFor('contact-changed', ({ contact }) => contact.ani === from && contact.status === 'waiting');
  const { contact } = message.contact;
  const id = recordingOf(contact as Parameters<typeof recordingOf>[0], 1);
  await symlink(target, join(centre.runtime.recordingsDir, `${id}.raw`));

  const { phone, desktop } = await centre.readyAgent(agent, { tone: 1370 });
  await phone.waitFor('incoming');
  await phone.answer();
  await desktop.waitFor('my-state', ({ me }) => me.presence.status === 'talking');
  const heard = async (): Promise<number> => caller.receivedWav().then((wav) => toneSeconds(wav, 0, 1370), () => 0);
  await until(async () => (await heard()) > 1.5 || undefined, { limitMs: 10_000, everyMs: 250, what: 'the agent’s voice at the caller' });
  expect([caller.pending('closed'), phone.pending('closed')]).toEqual([false, false]);
  await caller.hangUp();
  await phone.waitFor('closed');

  const story = await centre.ended(contact);
  expectWhole(story);
  expect(story.recordings).toEqual([id]);
  const row = await until(async () => settled(await recordings(centre.db, { centre: centre.config.centre.id }).find(id)), { limitMs: 15_000, what: 'the row of the recording' });
  expect(row).toMatchObject({ status: 'failed', reason, path: null });
  expect(await readFile(centre.service.logFile, 'utf8')).toMatch(new RegExp(`"level":50.*"recording":"${id}"`));
  await desktop.command({ type: 'sign-out' });
}, 60_000);

const settled = (row: FoundRecording | null): FoundRecording | undefined => (row === null || row.status === 'recording' || row.status === 'stopped' ? undefined : row);
