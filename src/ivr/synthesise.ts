/**
 * A prompt's source → a sound that Asterisk plays to every caller without a transcoder: 8 kHz mono as WAV, A-law and
 * µ-law side by side, all of the same loudness.
 */
import { createHash } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, stat, copyFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Language } from '../base/text.ts';
import type { PromptSource } from '../config/centre-config.ts';

/** Runs a program to its end and resolves with what it wrote; rejects when it fails. */
export type Run = (program: 'espeak-ng' | 'sox', args: readonly string[]) => Promise<{ readonly stdout: string; readonly stderr: string }>;

export interface SoundFolders {
  /** Asterisk's sounds. */
  readonly soundsDir: string;
  /** Where sounds are kept between centres and starts. */
  readonly cacheDir: string;
}

const voices: Readonly<Record<Language, { readonly voice: string; readonly wordsPerMinute: string }>> = {
  zh: { voice: 'cmn', wordsPerMinute: '160' },
  en: { voice: 'en-us', wordsPerMinute: '155' },
};
/** Part of every sound's hash: raise it when the same source would sound different. */
const making = 1;
/** Mean level of speech in dB of full scale: loud enough for a noisy street, with room for the peaks. */
const loudness = -20;
/** The synthesiser ends with a long pause, which would stand between the digits of a number. */
const quietStart = ['silence', '1', '0.01', '-50d'];
const endings = ['alaw', 'ulaw', 'wav'] as const;

/** Resolves with the name by which Asterisk knows the sound, such as `rexian/zh/welcome-1f3a99c0`. */
export async function synthesise(folders: SoundFolders, run: Run, name: string, language: Language, source: PromptSource): Promise<string> {
  const content = source.kind === 'text' ? source.text : await readFile(source.path);
  const settings = JSON.stringify([making, loudness, source.kind, source.kind === 'text' ? voices[language] : null]);
  const hash = createHash('sha256').update(settings).update(content).digest('hex').slice(0, 8);
  const sound = `rexian/${language}/${name}-${hash}`;
  const kept = join(folders.cacheDir, sound);
  const placed = join(folders.soundsDir, sound);
  if (await exists(`${placed}.wav`)) return sound;
  if (!(await exists(`${kept}.wav`))) await make(kept, run, language, source);
  if (kept === placed) return sound;
  await mkdir(dirname(placed), { recursive: true });
  for (const ending of endings) await place(`${kept}.${ending}`, `${placed}.${ending}`);
  return sound;
}

/** The WAV comes last, so that where it is the others are too. */
async function make(file: string, run: Run, language: Language, source: PromptSource): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const half = `${file}.${process.pid}.half`;
  try {
    const spoken = source.kind === 'file' ? source.path : `${half}.spoken.wav`;
    const { voice, wordsPerMinute } = voices[language];
    if (source.kind === 'text') await run('espeak-ng', ['-v', voice, '-s', wordsPerMinute, '-w', spoken, '--', source.text]);
    const gain = loudness - (await meanLevel(spoken, run));
    const trim = source.kind === 'text' ? [...quietStart, 'reverse', ...quietStart, 'reverse'] : [];
    await run('sox', ['-V1', spoken, '-r', '8000', '-c', '1', '-b', '16', `${half}.wav`, 'highpass', '100', ...trim, 'gain', '-l', gain.toFixed(1), 'pad', '0.05', '0.1']);
    await run('sox', ['-V1', `${half}.wav`, '-t', 'al', `${half}.alaw`]);
    await run('sox', ['-V1', `${half}.wav`, '-t', 'ul', `${half}.ulaw`]);
    for (const ending of endings) await rename(`${half}.${ending}`, `${file}.${ending}`);
  } finally {
    for (const ending of ['spoken.wav', ...endings]) await rm(`${half}.${ending}`, { force: true });
  }
}

async function meanLevel(file: string, run: Run): Promise<number> {
  const { stderr } = await run('sox', ['-V1', file, '-n', 'remix', '-', 'highpass', '100', 'stats']);
  const level = Number(/^RMS lev dB\s+(-?[\d.]+)/m.exec(stderr)?.[1]);
  const seconds = Number(/^Length s\s+([\d.]+)/m.exec(stderr)?.[1]);
  // Digital silence measures as -inf, which is not a number either.
  if (!Number.isFinite(level) || !(seconds >= 0.1)) throw new Error('the sound is silent or empty');
  return level;
}

async function place(from: string, to: string): Promise<void> {
  await rm(to, { force: true });
  await link(from, to).catch(async (error: NodeJS.ErrnoException) => {
    // Another file system, or one without links.
    if (error.code !== 'EXDEV' && error.code !== 'EPERM' && error.code !== 'EEXIST') throw error;
    if (error.code !== 'EEXIST') await copyFile(from, to);
  });
}

const exists = (path: string): Promise<boolean> => stat(path).then(() => true, () => false);
