import { describe, expect, test } from 'vitest';
import { openFilesLeast, openFilesMax, webShare } from '../../src/base/open-files.ts';

describe('open files', () => {
  test('the limit is what the kernel says of this process', () => {
    expect(openFilesMax()).toBeGreaterThan(openFilesLeast);
    expect(openFilesMax(() => 'Limit  Soft Limit  Hard Limit  Units\nMax open files            64                   4096                 files     \n')).toBe(64);
  });

  test('without such a limit there is none', () => {
    expect(openFilesMax(() => 'Max open files            unlimited            unlimited            files')).toBe(Number.POSITIVE_INFINITY);
    expect(openFilesMax(() => {
      throw new Error('ENOENT');
    })).toBe(Number.POSITIVE_INFINITY);
  });

  test('calls have theirs before desktops have any; with too few the start is refused', () => {
    expect(webShare(64)).toEqual({ connections: 10, desktops: 6 });
    expect(webShare(1_024)).toEqual({ connections: 970, desktops: 966 });
    expect(webShare(openFilesLeast - 1)).toBeUndefined();
  });
});
