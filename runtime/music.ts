// The music callers wait to: an original tune in a pentatonic scale, synthesised, so it needs no licence and no download.

export const sampleRate = 8_000;

const beatSeconds = 0.46;

// Scale steps of D major pentatonic per beat; null holds the note before. Four phrases, question and answer.
const melody: readonly (number | null)[] = [
  4, null, 3, 2, 3, null, 2, 0, 1, null, 2, 3, 2, null, null, null,
  4, null, 5, 6, 5, null, 4, 3, 2, null, 3, 1, 0, null, null, null,
  5, null, 7, 6, 5, null, 6, 4, 3, null, 4, 5, 4, null, null, null,
  2, null, 3, 4, 3, null, 1, 2, 0, null, 1, -1, 0, null, null, null,
];
const bass: readonly number[] = [0, -2, 1, -3, 0, 1, -2, 0, 2, 1, -2, 1, 0, -3, -2, 0];

const pentatonic = [0, 2, 4, 7, 9];

function hertz(step: number, octave: number): number {
  const semitones = 12 * Math.floor(step / 5) + (pentatonic[((step % 5) + 5) % 5] ?? 0);
  return 293.66 * 2 ** (octave + semitones / 12);
}

/** Samples of -1 to 1 at 8 kHz, made to be played in a loop. */
export function tune(): Float64Array {
  const samples = new Float64Array(Math.round(melody.length * beatSeconds * sampleRate));
  melody.forEach((step, beat) => {
    if (step === null) return;
    let beats = 1;
    while (melody[beat + beats] === null) beats += 1;
    pluck(samples, beat, hertz(step, 0), beats + 1.5, 0.2);
  });
  bass.forEach((step, bar) => {
    pluck(samples, bar * 4, hertz(step, -1), 4, 0.12);
    pluck(samples, bar * 4 + 2, hertz(step + 2, -1), 3, 0.08);
  });
  return samples;
}

/** A soft string: a few decaying harmonics. What rings past the end comes back at the start of the loop. */
function pluck(samples: Float64Array, beat: number, frequency: number, beats: number, loudness: number): void {
  const start = Math.round(beat * beatSeconds * sampleRate);
  const length = Math.round(beats * beatSeconds * sampleRate);
  for (let offset = 0; offset < length; offset += 1) {
    const time = offset / sampleRate;
    const attack = Math.min(1, time / 0.012);
    const release = Math.min(1, (length - offset) / (0.08 * sampleRate));
    let value = 0;
    for (let harmonic = 1; harmonic <= 4; harmonic += 1) {
      if (frequency * harmonic > 3_300) break;
      value += Math.sin(2 * Math.PI * frequency * harmonic * time) * Math.exp(-time * (1.1 + harmonic * 0.9)) / harmonic ** 1.6;
    }
    const index = (start + offset) % samples.length;
    samples[index] = (samples[index] ?? 0) + value * attack * release * loudness;
  }
}
