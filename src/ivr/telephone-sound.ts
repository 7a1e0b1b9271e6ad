/** Samples at 8 kHz, 16 bit, mono: their loudness, and the three forms in which Asterisk plays them to its callers. */

export interface TelephoneSound {
  readonly wav: Buffer;
  readonly alaw: Buffer;
  readonly ulaw: Buffer;
}

/** Null when it is silence, or too short to be anything. `level` is the mean level wanted, in dB of full scale. */
export function telephoneSound(wav: Buffer, level: number): TelephoneSound | null {
  const samples = samplesOf(wav);
  const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, samples.length);
  if (samples.length < shortest || power < silence) return null;
  const gain = (fullScale * 10 ** (level / 20)) / Math.sqrt(power);
  const even = samples.map((sample) => limited(sample * gain));
  return { wav: wavOf(even), alaw: Buffer.from(Array.from(even, alaw)), ulaw: Buffer.from(Array.from(even, ulaw)) };
}

const rate = 8_000;
const fullScale = 32_767;
const shortest = rate / 10;
/** Mean square of one step of a 16-bit sample. */
const silence = 1;

/** Straight up to nine tenths, then rounded off: a loud syllable must not crackle. */
function limited(sample: number): number {
  const knee = 0.9 * fullScale;
  const over = Math.abs(sample) - knee;
  if (over <= 0) return Math.round(sample);
  return Math.round(Math.sign(sample) * (knee + (fullScale - knee) * Math.tanh(over / (fullScale - knee))));
}

function samplesOf(wav: Buffer): Int16Array {
  for (let at = 12; at + 8 <= wav.length; ) {
    const size = wav.readUInt32LE(at + 4);
    const start = at + 8;
    if (wav.toString('latin1', at, at + 4) === 'data') {
      const count = Math.floor((Math.min(wav.length, start + size) - start) / 2);
      return Int16Array.from({ length: count }, (_, index) => wav.readInt16LE(start + index * 2));
    }
    at = start + size + (size % 2);
  }
  return new Int16Array();
}

function wavOf(samples: Int16Array): Buffer {
  const header = Buffer.alloc(44);
  header.write('RIFF\0\0\0\0WAVEfmt ', 'latin1');
  header.writeUInt32LE(36 + samples.length * 2, 4);
  // Size of this part, PCM, one channel, samples and bytes a second, bytes and bits a sample.
  for (const [at, value] of [[16, 16], [24, rate], [28, rate * 2]] as const) header.writeUInt32LE(value, at);
  for (const [at, value] of [[20, 1], [22, 1], [32, 2], [34, 16]] as const) header.writeUInt16LE(value, at);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(samples.length * 2, 40);
  const body = Buffer.alloc(samples.length * 2);
  for (const [index, sample] of samples.entries()) body.writeInt16LE(sample, index * 2);
  return Buffer.concat([header, body]);
}

/** ITU-T G.711: a sign, the position of the highest bit, and the four bits below it. */
function alaw(sample: number): number {
  const size = sample < 0 ? -sample - 1 : sample;
  const segment = Math.max(0, Math.floor(Math.log2(size | 1)) - 7);
  const bits = segment === 0 ? size >> 4 : (size >> (segment + 3)) & 0x0f;
  return ((sample < 0 ? 0 : 0x80) | (segment << 4) | bits) ^ 0x55;
}

function ulaw(sample: number): number {
  const bias = 132;
  const size = Math.min(Math.abs(sample), fullScale - bias) + bias;
  const segment = Math.floor(Math.log2(size)) - 7;
  return ~((sample < 0 ? 0x80 : 0) | (segment << 4) | ((size >> (segment + 3)) & 0x0f)) & 0xff;
}
