import { join } from 'node:path';
import { repositoryFolder } from './paths.js';

/** What is tested, and how patiently. */
export interface Implementation {
  readonly command: string;
  readonly args: readonly string[];
  /** True for the Go allocator itself: no deviation is allowed then. */
  readonly isReference: boolean;
  /** How long the expected answers must stay. */
  readonly holdMs: number;
  /** How long is waited where a step is expected to change nothing. */
  readonly quietMs: number;
  /** When to give up waiting for the expected answers. */
  readonly deadlineMs: number;
}

/**
 * Our service, or with CONFORMANCE_REFERENCE the Go allocator at that path: the runner is right when it passes. The Go
 * one collects changes for 5 s, twice.
 */
export function implementationUnderTest(): Implementation {
  const reference = process.env['CONFORMANCE_REFERENCE'];
  if (reference !== undefined) {
    return {
      command: reference,
      args: [],
      isReference: true,
      holdMs: 3_000,
      quietMs: 24_000,
      deadlineMs: 75_000,
    };
  }
  return {
    command: process.execPath,
    args: [join(repositoryFolder, 'dist/main.js')],
    isReference: false,
    holdMs: 1_500,
    // The longest refresh interval of a case's discovery (5 s) and some time to spare.
    quietMs: 7_000,
    deadlineMs: 40_000,
  };
}
