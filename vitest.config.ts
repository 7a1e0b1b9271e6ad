import { defineConfig } from 'vitest/config';
import { patientMs } from './test/support/patient.ts';

/**
 * Calls of a real Asterisk with phones, or Chromium: a second of them on the machine only makes both late. Or how long
 * somebody is made to wait is what they are about.
 */
const oneAtATime = ['test/**/*.live.test.ts', 'test/runtime/{away,phone}.test.ts', 'test/http/page.test.ts', 'test/security/{rest,switch}.test.ts'];

export default defineConfig({
  test: {
    globalSetup: ['test/support/global-setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // What was found instead is in a failure's message whole, not only in its coloured difference.
    chaiConfig: { truncateThreshold: 2_000 },
    // baresip, the phone, dies of a segmentation fault now and then on a loaded machine. Only that is tried again.
    retry: { count: 2, condition: /SIGSEGV/ },
    projects: [
      { extends: true, test: { name: 'alone', globalSetup: [], include: oneAtATime, maxWorkers: 1, sequence: { groupOrder: 1 } } },
      // Everything else has its own centre and its own database, or no server at all. It gets what the others leave of the
      // processor, so how long it takes says nothing.
      { extends: true, test: { name: 'together', testTimeout: 2 * patientMs, hookTimeout: 2 * patientMs, expect: { poll: { timeout: patientMs } }, globalSetup: [], include: ['test/**/*.test.ts'], exclude: oneAtATime, maxWorkers: 2, sequence: { groupOrder: 2 } } },
    ],
  },
});
