import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countBefore, each, first, firstAfter, insert, itemAt, newSorted, remove } from '../../src/base/sorted.ts';

const order = (a: number, b: number): number => a - b;

test('is what a sorted array is, whatever is put in and taken out', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(4_000), fc.integer({ min: 0, max: 3 })), { minLength: 1_000, maxLength: 3_000 }), (moves) => {
      const list = newSorted(order);
      const there = new Set<number>();
      for (const [item, kind] of moves) {
        if (kind === 0) expect(remove(list, item)).toBe(there.delete(item));
        else if (!there.has(item)) insert(list, item), there.add(item);
      }
      const plain = [...there].sort(order);
      expect([...each(list)]).toEqual(plain);
      expect(list.size).toBe(plain.length);
      expect(first(list)).toBe(plain[0]);
      expect(plain.every((item, index) => itemAt(list, index) === item && countBefore(list, item) === index)).toBe(true);
      for (let item = 0; item <= 4_000; item += 37) expect(firstAfter(list, item)).toBe(plain.find((other) => other > item));
      expect(countBefore(list, 5_000)).toBe(plain.length);
      expect(list.pieces.every((piece) => piece.length > 0 && piece.length <= 512)).toBe(true);
    }),
    { numRuns: 50 },
  );
});
