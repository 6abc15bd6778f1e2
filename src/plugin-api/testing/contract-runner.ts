/**
 * The functions of a test runner that the contract suites use. Those of vitest, jest and `node:test` fit; `expect` may be
 * given along with them and is not needed.
 */
export interface ContractRunner {
  readonly describe: (name: string, define: () => void) => unknown;
  readonly it: (name: string, test: () => void | Promise<void>) => unknown;
  readonly expect?: unknown;
}

/** A law of the contract that does not hold. The message says which, and with what it was seen. */
export class ContractError extends Error {
  readonly code = 'TA_CONTRACT_BROKEN';

  constructor(message: string) {
    super(`TA_CONTRACT_BROKEN: ${message}`);
    this.name = 'ContractError';
  }
}

/** @throws ContractError with the message unless the condition holds. */
export function mustHold(condition: boolean, message: () => string): void {
  if (!condition) throw new ContractError(message());
}

/** Freezes plain data all the way down, so that whoever changes it is caught. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const item of Object.values(value)) deepFreeze(item);
  return value;
}
