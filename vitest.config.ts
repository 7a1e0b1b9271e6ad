import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    // Live tests share the machine with a real Asterisk and its phones; a second worker only makes both late.
    maxWorkers: 1,
    // baresip, the phone, dies of a segmentation fault now and then on a loaded machine. Only that is tried again.
    retry: { count: 2, condition: /SIGSEGV/ },
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
