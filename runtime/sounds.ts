// The sounds the dialplan needs without the service: the apology in both languages, and the music.

import { createHash } from 'node:crypto';
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Lang } from './environment.ts';
import { sampleRate, tune } from './music.ts';
import type { Progress } from './progress.ts';
import type { Programs } from './program.ts';
import { execute, speak } from './speech.ts';
import { encodeWav } from './wav.ts';

export type Sounds = { sounds: string; music: string };

const version = 1;
const texts: Record<'away' | 'goodbye', Record<Lang, string>> = {
  away: {
    zh: '非常抱歉，系统正在恢复，请您稍候，不要挂机。',
    en: 'We are sorry. Our system will be back in a moment. Please hold the line.',
  },
  goodbye: {
    zh: '非常抱歉，我们暂时无法接听您的来电，请稍后再拨。再见。',
    en: 'We are sorry that we cannot take your call right now. Please call again later. Goodbye.',
  },
};

/** Makes them once, in the cache. */
export async function ensureSounds(cacheDir: string, programs: Programs, progress: Progress): Promise<Sounds> {
  const name = createHash('sha256').update(JSON.stringify([version, texts])).digest('hex').slice(0, 12);
  const folder = join(cacheDir, `sounds-${name}`);
  if (!(await exists(folder))) {
    progress.step({ en: 'Making announcements and music', zh: '合成提示音和音乐' });
    await make(folder, programs);
    progress.done();
  }
  return { sounds: folder, music: join(folder, 'music') };
}

async function make(folder: string, programs: Programs): Promise<void> {
  const half = `${folder}.${process.pid}.half`;
  await rm(half, { recursive: true, force: true });
  await mkdir(join(half, 'music'), { recursive: true });
  for (const [name, spoken] of Object.entries(texts)) {
    for (const lang of ['zh', 'en'] as const) {
      const file = join(half, `${name}-${lang}.wav`);
      await speak(programs, { text: spoken[lang], lang, file });
      await inCallersCodecs(programs, file);
    }
  }
  const music = join(half, 'music/waiting.wav');
  await writeFile(music, encodeWav({ sampleRate, channels: [tune()] }));
  await inCallersCodecs(programs, music);
  // Two centres may do this at once; whichever is second throws its own away.
  await rename(half, folder).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    await rm(half, { recursive: true, force: true });
  });
}

/** A-law and µ-law beside the WAV, so that a thousand waiting callers need no transcoder. */
export async function inCallersCodecs(programs: Programs, wavFile: string): Promise<void> {
  const stem = wavFile.replace(/\.wav$/, '');
  await execute(programs, 'sox', [wavFile, '-t', 'al', '-r', '8000', '-c', '1', `${stem}.alaw`]);
  await execute(programs, 'sox', [wavFile, '-t', 'ul', '-r', '8000', '-c', '1', `${stem}.ulaw`]);
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(() => true, () => false);
}
