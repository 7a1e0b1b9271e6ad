/**
 * A prompt's source → a sound that Asterisk plays to every caller without a transcoder: 8 kHz mono as WAV, A-law and
 * µ-law side by side, all of the same loudness.
 */
import { createHash } from 'node:crypto';
import { copyFile, link, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Language } from '../base/text.ts';
import type { PromptSource } from '../config/centre-config.ts';
import { telephoneSound } from './telephone-sound.ts';

/** `tone`: a short one, before what an agent hears. */
export type SoundSource = PromptSource | { readonly kind: 'tone' };

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
export async function synthesise(folders: SoundFolders, run: Run, name: string, language: Language, source: SoundSource): Promise<string> {
  const content = source.kind === 'text' ? source.text : source.kind === 'tone' ? '' : await readFile(source.path);
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

/** Two programs a sound, because starting them is what takes the time; the WAV comes last, so that where it is the others are too. */
async function make(file: string, run: Run, language: Language, source: SoundSource): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const half = `${file}.${process.pid}.half`;
  const [spoken, narrow] = [`${half}.spoken.wav`, `${half}.narrow.wav`];
  try {
    const { voice, wordsPerMinute } = voices[language];
    if (source.kind === 'text') await run('espeak-ng', ['-v', voice, '-s', wordsPerMinute, '-w', spoken, '--', source.text]);
    const [from, effects] = inputOf(source, spoken);
    await run('sox', ['-V1', from, '-r', '8000', '-c', '1', '-b', '16', narrow, ...effects, 'pad', '0.05', '0.1']);
    const sound = telephoneSound(await readFile(narrow), loudness);
    if (!sound) throw new Error('the sound is silent or empty');
    for (const ending of endings) {
      await writeFile(`${half}.${ending}`, sound[ending]);
      await rename(`${half}.${ending}`, `${file}.${ending}`);
    }
  } finally {
    for (const left of [spoken, narrow, ...endings.map((ending) => `${half}.${ending}`)]) await rm(left, { force: true });
  }
}

function inputOf(source: SoundSource, spoken: string): readonly [from: string, effects: readonly string[]] {
  const clean = ['gain', '-3', 'highpass', '100'];
  if (source.kind === 'text') return [spoken, [...clean, ...quietStart, 'reverse', ...quietStart, 'reverse']];
  return source.kind === 'file' ? [source.path, clean] : ['-n', ['synth', '0.2', 'sine', '1000']];
}

/** In one move, because Asterisk may be playing it for another centre. */
async function place(from: string, to: string): Promise<void> {
  const half = `${to}.${process.pid}.half`;
  await link(from, half).catch(async (error: NodeJS.ErrnoException) => {
    // Another file system, or one without links.
    if (error.code !== 'EXDEV' && error.code !== 'EPERM') throw error;
    await copyFile(from, half);
  });
  await rename(half, to);
  // Two links of one file: the rename did nothing.
  await rm(half, { force: true });
}

const exists = (path: string): Promise<boolean> => stat(path).then(() => true, () => false);
