// Whether a known sound was heard: normalised cross-correlation, piece by piece, because a phone's jitter buffer may
// drop or repeat a few samples in between.

import type { Wav } from './wav.ts';

export type Found = {
  /** Seconds into the recording at which the sound begins, by its best piece. */
  at: number;
  /** Median likeness of the pieces, 0 to 1, so that a few that the phone lost do not count. Other speech of the same voice can reach 0.6. */
  likeness: number;
};

/** Correlated at a quarter of 8 kHz: speech has its energy below 1 kHz, and it is sixteen times less work. */
const thin = 4;
const pieceSeconds = 0.5;

export function findSound(sound: Wav, recording: Wav, channel = 0): Found {
  const needle = thinned(sound, 0);
  const hay = thinned(recording, channel);
  const rate = sound.sampleRate / thin;
  const size = Math.floor(pieceSeconds * rate);
  let best = { at: 0, likeness: 0 };
  const found: number[] = [];
  for (let start = 0; start + size <= needle.length && found.length < 8; start += size) {
    const piece = needle.subarray(start, start + size);
    if (energy(piece) / size < 1e-5) continue;
    const { offset, likeness } = bestMatch(piece, hay);
    found.push(likeness);
    if (likeness > best.likeness) best = { at: (offset - start) / rate, likeness };
  }
  return { at: best.at, likeness: found.toSorted((a, b) => a - b)[found.length >> 1] ?? 0 };
}

function bestMatch(piece: Float64Array, hay: Float64Array): { offset: number; likeness: number } {
  const own = Math.sqrt(energy(piece));
  let window = energy(hay.subarray(0, piece.length));
  let best = { offset: 0, likeness: 0 };
  for (let offset = 0; offset + piece.length <= hay.length; offset += 1) {
    if (window > 1e-6) {
      let sum = 0;
      for (let i = 0; i < piece.length; i += 1) sum += (piece[i] ?? 0) * (hay[offset + i] ?? 0);
      const likeness = sum / (own * Math.sqrt(window));
      if (likeness > best.likeness) best = { offset, likeness };
    }
    window += (hay[offset + piece.length] ?? 0) ** 2 - (hay[offset] ?? 0) ** 2;
  }
  return best;
}

function thinned(wav: Wav, channel: number): Float64Array {
  const samples = wav.channels[channel] ?? new Float64Array();
  const thinner = new Float64Array(Math.floor(samples.length / thin));
  for (let i = 0; i < thinner.length; i += 1) {
    for (let j = 0; j < thin; j += 1) thinner[i] = (thinner[i] ?? 0) + (samples[i * thin + j] ?? 0) / thin;
  }
  return thinner;
}

const energy = (samples: Float64Array): number => samples.reduce((sum, sample) => sum + sample * sample, 0);
