import { TargetListTooLongError } from './target-groups.errors.js';

/**
 * The most that one list may have: targets, and groups that have none. It does not follow from the heap, so that one list
 * does not take what is there for all others however large the heap is.
 */
export const MAX_TARGETS = 2_000_000;

/** The longest name, address or label value that is taken, in bytes of its text. */
export const MAX_TEXT_BYTES = 4 * 1024 * 1024;

/** What is wrong with a text that is longer than that, without the text. */
export function tooLongText(length: number, label: string | undefined): string {
  const what =
    label === undefined ? 'a name' : `the value of ${JSON.stringify(label.slice(0, 100))}`;
  return `${what} is ${String(length)} bytes long, more than the ${String(MAX_TEXT_BYTES)} that are taken`;
}

/** @throws TargetListTooLongError */
export function assertTargetBudget(targets: number): void {
  if (targets > MAX_TARGETS) throw new TargetListTooLongError(MAX_TARGETS);
}
