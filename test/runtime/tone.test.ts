import { expect, test } from 'vitest';
import { tune } from '../../runtime/music.ts';
import { tonePower, toneSeconds } from '../../runtime/tone.ts';
import { decodeWav, encodeWav } from '../../runtime/wav.ts';

const sine = (hz: number, amplitude: number, seconds: number): Float64Array =>
  Float64Array.from({ length: seconds * 8_000 }, (_, index) => amplitude * Math.sin((2 * Math.PI * hz * index) / 8_000));

const wav = encodeWav({ sampleRate: 8_000, channels: [sine(440, 0.5, 2), sine(700, 0.25, 2)] });

test('a tone has half its amplitude squared as power, on its own channel only', () => {
  expect(tonePower(wav, 0, 440)).toBeCloseTo(0.125, 3);
  expect(tonePower(wav, 1, 700)).toBeCloseTo(0.03125, 3);
  expect(tonePower(wav, 0, 700)).toBeLessThan(1e-6);
  expect(toneSeconds(wav, 1, 700)).toBe(2);
});

test('a recording whose writer never wrote its length is read to its end', () => {
  const unfinished = Buffer.from(wav);
  unfinished.writeUInt32LE(0, 40);
  expect(decodeWav(unfinished).channels[0]).toHaveLength(16_000);
});

test('what is no WAV file is refused', () => {
  expect(() => decodeWav(Buffer.from('not audio'))).toThrow('not a WAV file');
});

test('the music is never clipped and never silent for long', () => {
  const music = tune();
  const peak = (samples: Float64Array): number => samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  expect(peak(music)).toBeLessThan(1);
  const second = 8_000;
  for (let start = 0; start + second <= music.length; start += second) {
    expect(peak(music.subarray(start, start + second))).toBeGreaterThan(0.02);
  }
});
