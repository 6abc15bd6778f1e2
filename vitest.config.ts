import { defineConfig } from 'vitest/config';

/**
 * Three projects: `unit` (specs beside the code, seconds), `integration` (real servers and processes, in sequence
 * because each case starts its own) and `conformance` (the recorded cases against a real kube-apiserver).
 */
export default defineConfig({
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['src/**/*.spec.ts'],
          setupFiles: ['reflect-metadata'],
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
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'conformance',
          sequence: { groupOrder: 2 },
          // As many cases at a time as there are clusters.
          maxConcurrency: 2,
          include: ['test/conformance/**/*.spec.ts'],
          globalSetup: ['test/fixtures/global-setup.ts'],
          testTimeout: 180_000,
          hookTimeout: 1_800_000,
        },
      },
    ],
  },
});
