// 16-bit PCM WAV files, read and written whole.

export type Wav = { sampleRate: number; channels: Float64Array[] };

export function encodeWav(wav: Wav): Buffer {
  const count = wav.channels.length;
  const frames = wav.channels[0]?.length ?? 0;
  const data = Buffer.alloc(44 + frames * count * 2);
  data.write('RIFF', 0, 'latin1');
  data.writeUInt32LE(data.length - 8, 4);
  data.write('WAVEfmt ', 8, 'latin1');
  data.writeUInt32LE(16, 16);
  data.writeUInt16LE(1, 20);
  data.writeUInt16LE(count, 22);
  data.writeUInt32LE(wav.sampleRate, 24);
  data.writeUInt32LE(wav.sampleRate * count * 2, 28);
  data.writeUInt16LE(count * 2, 32);
  data.writeUInt16LE(16, 34);
  data.write('data', 36, 'latin1');
  data.writeUInt32LE(frames * count * 2, 40);
  for (let frame = 0; frame < frames; frame += 1) {
    for (let channel = 0; channel < count; channel += 1) {
      const value = Math.max(-1, Math.min(1, wav.channels[channel]?.[frame] ?? 0));
      data.writeInt16LE(Math.round(value * 32_767), 44 + (frame * count + channel) * 2);
    }
  }
  return data;
}

/** Also reads a file whose writer died or still writes: lengths in the header beyond the file's end are cut. */
export function decodeWav(data: Buffer): Wav {
  if (data.length < 12 || data.toString('latin1', 0, 4) !== 'RIFF' || data.toString('latin1', 8, 12) !== 'WAVE') throw new Error('not a WAV file');
  let format: { channels: number; sampleRate: number } | undefined;
  for (let offset = 12; offset + 8 <= data.length;) {
    const name = data.toString('latin1', offset, offset + 4);
    const size = data.readUInt32LE(offset + 4);
    const body = offset + 8;
    if (name === 'fmt ') {
      if (data.readUInt16LE(body) !== 1 || data.readUInt16LE(body + 14) !== 16) throw new Error('not a 16-bit PCM WAV file');
      format = { channels: data.readUInt16LE(body + 2), sampleRate: data.readUInt32LE(body + 4) };
    } else if (name === 'data' && format) {
      // A writer fills the length in when it closes; 0 or beyond the end means it did not.
      const end = size === 0 ? data.length : Math.min(data.length, body + size);
      return { sampleRate: format.sampleRate, channels: deinterleave(data.subarray(body, end), format.channels) };
    }
    offset = body + size + (size % 2);
  }
  throw new Error('a WAV file without audio');
}

function deinterleave(data: Buffer, count: number): Float64Array[] {
  const frames = Math.floor(data.length / (2 * count));
  return Array.from({ length: count }, (_, channel) =>
    Float64Array.from({ length: frames }, (_, frame) => data.readInt16LE((frame * count + channel) * 2) / 32_768));
}
