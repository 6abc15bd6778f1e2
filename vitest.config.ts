import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/fixtures/longest-first.js';

/** Tests of real servers wait more than they compute, so that two cores carry more than two of them. */
const realServerWorkers = 3;

/**
 * Three projects: `unit` (specs beside the code), and after it, side by side, `integration` (real servers and processes)
 * and `conformance` (the recorded cases against real kube-apiservers).
 */
export default defineConfig({
  // The example plugins import the contract by the names that it is published with.
  resolve: {
    alias: {
      'target-allocator/plugin-api': resolve(import.meta.dirname, 'src/plugin-api/index.ts'),
      'target-allocator/testing': resolve(import.meta.dirname, 'src/plugin-api/testing/index.ts'),
    },
  },
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['src/**/*.spec.ts', 'examples/plugins/*/src/**/*.spec.ts'],
          setupFiles: ['reflect-metadata'],
          // For machines that are busy: a test is to fail by what it sees, not by the time that it was given.
          testTimeout: 60_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['test/{integration,e2e,oracle}/**/*.spec.ts'],
          setupFiles: ['reflect-metadata'],
          globalSetup: ['test/fixtures/global-setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 1_800_000,
          maxWorkers: realServerWorkers,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'conformance',
          maxWorkers: realServerWorkers,
          sequence: { groupOrder: 1 },
          // As many cases at a time as there are clusters.
          maxConcurrency: 3,
          include: ['test/conformance/**/*.spec.ts'],
          globalSetup: ['test/fixtures/global-setup.ts'],
          testTimeout: 180_000,
          hookTimeout: 1_800_000,
        },
      },
    ],
  },
});
