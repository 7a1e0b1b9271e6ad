import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pop, push } from '../../src/base/heap.ts';

const smaller = (a: number, b: number): boolean => a < b;

test('what is pushed in any order, with pops in between, comes out smallest first', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.integer({ min: 0, max: 50 }))), (steps) => {
      const heap: number[] = [];
      let plain: number[] = [];
      for (const step of steps) {
        if (step !== null) {
          push(heap, step, smaller);
          plain.push(step);
          continue;
        }
        const least = plain.length === 0 ? undefined : Math.min(...plain);
        expect(pop(heap, smaller)).toBe(least);
        if (least !== undefined) plain = plain.toSpliced(plain.indexOf(least), 1);
      }
      expect(heap.toSorted((a, b) => a - b)).toEqual(plain.toSorted((a, b) => a - b));
    }),
  );
});
