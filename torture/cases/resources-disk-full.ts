// The disk for recordings is full in the middle of talks, and has room again.

import { stat } from 'node:fs/promises';
import { until } from '../../runtime/until.ts';
import { rawPath } from '../../src/recording/finalize.ts';
import type { Case } from '../case.ts';
import { cannotMount, smallDisk } from '../actors/small-disk.ts';
import { speak } from '../actors/voices.ts';
import { gather } from '../crowd.ts';
import { recordingOfTalk, warned } from '../actors/supervisor.ts';

/** Talks begin and end while the disk is full; one goes on through all of it. */
const talkMs = 2_500;
const calls = { short: 4, long: 60 } as const;

export const resourcesDiskFull: Case = {
  name: 'resources-disk-full',
  says: { en: 'the disk for recordings (10 MB) is full while people talk, then has room again', zh: '通话中录音磁盘（10 MB）写满，之后恢复' },
  stage: { agents: 10 },
  cannot: cannotMount,
  async run({ stage, size }) {
    const disk = await smallDisk(stage.runtime.recordingsDir, 10, stage.releaseLater);
    const speaker = stage.agents.at(-1) ?? '';
    const crowd = await gather(stage, { talking: 4, waiting: 2, talkMs });
    const voices = await speak(stage, speaker);
    const recording = await recordingOfTalk(stage, speaker);
    const supervisor = await stage.desktop('2001');
    // A second of them is on the disk; Asterisk writes every half second.
    await until(async () => ((await stat(rawPath(stage.runtime.recordingsDir, recording)).then(({ size: bytes }) => bytes, () => 0)) > 32_000 || undefined), { limitMs: 10_000, what: 'voices on the disk' });

    const fullAt = performance.now();
    await disk.fill();
    await warned(supervisor, 'recordings-full', 'raised');
    const noticedMs = performance.now() - fullAt;
    await voices.desktop.waitFor('my-state', ({ me }) => me.call?.recording === 'failed');
    const lostMs = performance.now() - fullAt;
    await crowd.call({ calls: calls[size], callsPerSecond: 4 });

    await disk.free();
    await warned(supervisor, 'recordings-full', 'cleared');
    await voices.desktop.waitFor('my-state', ({ me }) => me.call?.recording === 'on' && voices.desktop.heard.some(({ message }) => message.type === 'my-state' && message.me.call?.recording === 'failed'));
    await crowd.served();
    await crowd.talksWhole();
    await voices.caller.hangUp();
    await voices.agent.waitFor('closed');
    const kept = await until(async () => {
      const row = await stage.db.selectFrom('recording').selectAll().where('id', '=', recording).executeTakeFirst();
      return row?.status === 'partial' ? row : undefined;
    }, { limitMs: 10_000, what: 'what there was of the recording, as a file' });
    if (kept.reason !== 'disk-full' || Number(kept.duration_ms) < 1_000) throw new Error(`kept ${kept.duration_ms} ms of the recording: ${kept.reason}`);
    await supervisor.close();
    await voices.leave();
    await crowd.leave();
    return { placed: crowd.placed() + 1, recordingsMayFail: true, figures: { noticedMs, lostMs, keptMs: Number(kept.duration_ms) } };
  },
};
