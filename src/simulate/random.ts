/** Numbers between 0 and 1, neither of them included. */
export type Stream = () => number;

/**
 * A stream of its own for each purpose, found again by its name: what is drawn for one purpose moves nothing of what
 * another draws, so that two configurations meet the same callers with the same patience (common random numbers).
 * The generator is sfc32, which passes PractRand and BigCrush; the purpose's name gives its 96 bits of seed.
 */
export function stream(...purpose: readonly (string | number)[]): Stream {
  const [x, y, z] = hash(purpose.join('\0'));
  const next = sfc32(x, y, z);
  // Two draws make the 53 bits of a double; the half keeps 0 out.
  return () => ((next() >>> 5) * 2 ** 26 + (next() >>> 6) + 0.5) / 2 ** 53;
}

function sfc32(x: number, y: number, z: number): () => number {
  let counter = 1;
  const next = (): number => {
    const drawn = (x + y + counter) | 0;
    counter = (counter + 1) | 0;
    x = y ^ (y >>> 9);
    y = (z + (z << 3)) | 0;
    z = (((z << 21) | (z >>> 11)) + drawn) | 0;
    return drawn;
  };
  // So many rounds spread one seed bit over the whole state.
  for (let round = 0; round < 15; round += 1) next();
  return next;
}

/** Three hashes of the text that differ in their start and multiplier, each mixed so that every bit depends on every letter. */
function hash(text: string): [number, number, number] {
  const one = (start: number, multiplier: number): number => {
    let mixed = start;
    for (let index = 0; index < text.length; index += 1) {
      mixed = Math.imul(mixed ^ text.charCodeAt(index), multiplier);
      mixed ^= mixed >>> 15;
    }
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return mixed ^ (mixed >>> 16);
  };
  return [one(0x9e3779b9, 0x01000193), one(0x243f6a88, 0x2c1b3c6d), one(0xb7e15162, 0x297a2d39)];
}
