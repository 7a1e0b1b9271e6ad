// How much of one frequency is in a recording (Goertzel's algorithm).

import { decodeWav, type Wav } from './wav.ts';

/** Power of `hz` in blocks of 100 ms, relative to full scale: a sine of amplitude a has a²/2 in every block. */
export function toneBlocks(wav: Wav, channel: number, hz: number): number[] {
  const samples = wav.channels[channel];
  if (!samples) throw new Error(`the recording has no channel ${channel}`);
  const size = Math.round(wav.sampleRate / 10);
  const powers: number[] = [];
  for (let start = 0; start + size <= samples.length; start += size) powers.push(goertzel(samples.subarray(start, start + size), wav.sampleRate, hz));
  return powers;
}

/** Mean power of `hz` over the whole channel. */
export function tonePower(wav: Wav | Buffer, channel: number, hz: number): number {
  const blocks = toneBlocks(wav instanceof Uint8Array ? decodeWav(wav) : wav, channel, hz);
  return blocks.reduce((sum, power) => sum + power, 0) / Math.max(1, blocks.length);
}

/** For how long the tone was there, in seconds. The threshold is -40 dB of full scale. */
export function toneSeconds(wav: Wav | Buffer, channel: number, hz: number, threshold = 1e-4): number {
  return toneBlocks(wav instanceof Uint8Array ? decodeWav(wav) : wav, channel, hz).filter((power) => power > threshold).length / 10;
}

function goertzel(samples: Float64Array, sampleRate: number, hz: number): number {
  const turn = 2 * Math.cos((2 * Math.PI * hz) / sampleRate);
  let before = 0;
  let last = 0;
  for (const sample of samples) {
    const next = sample + turn * last - before;
    before = last;
    last = next;
  }
  return (2 * (last * last + before * before - turn * last * before)) / samples.length ** 2;
}
