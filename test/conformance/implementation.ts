import { allocatorCommand, type AllocatorCommand } from '../fixtures/allocator.js';

/** What is tested, and how patiently. */
export interface Implementation extends AllocatorCommand {
  /** How long the expected answers must stay. */
  readonly holdMs: number;
  /** How long is waited where a step is expected to change nothing. */
  readonly quietMs: number;
  /** When to give up waiting for the expected answers. */
  readonly deadlineMs: number;
}

export function implementationUnderTest(): Implementation {
  const command = allocatorCommand();
  // The Go one collects changes for 5 s, twice.
  if (command.isReference) {
    return { ...command, holdMs: 3_000, quietMs: 24_000, deadlineMs: 75_000 };
  }
  // Quiet: the longest refresh interval of a case's discovery (5 s) and some time to spare.
  return { ...command, holdMs: 1_500, quietMs: 7_000, deadlineMs: 40_000 };
}
