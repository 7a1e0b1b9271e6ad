/** What Asterisk's MixMonitor option D writes: 8 kHz, two channels, 16 bits little-endian, interleaved, no header. */
export const raw = { sampleRate: 8_000, channels: 2, bytesPerSample: 2 } as const;
export const bytesPerFrame = raw.channels * raw.bytesPerSample;
export const bytesPerSecond = raw.sampleRate * bytesPerFrame;
export const format = 'wav pcm_s16le 8000 Hz stereo';
export const headerBytes = 44;

/** RIFF counts bytes in 32 bits: 37 hours of ours. */
export const dataBytesMax = 0xffff_ffff - headerBytes;

export const durationMs = (dataBytes: number): number => Math.round((dataBytes * 1_000) / bytesPerSecond);

/** The canonical header, before `dataBytes` of samples. */
export function wavHeader(dataBytes: number): Buffer {
  const header = Buffer.alloc(headerBytes);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(headerBytes - 8 + dataBytes, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(raw.channels, 22);
  header.writeUInt32LE(raw.sampleRate, 24);
  header.writeUInt32LE(bytesPerSecond, 28);
  header.writeUInt16LE(bytesPerFrame, 32);
  header.writeUInt16LE(raw.bytesPerSample * 8, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(dataBytes, 40);
  return header;
}
