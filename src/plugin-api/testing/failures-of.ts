import type { ContractRunner } from './contract-runner.js';

type Test = Parameters<ContractRunner['it']>[1];

/** Runs a suite without a test runner, and gives the names of the tests that fail. */
export async function failuresOf(
  define: (runner: ContractRunner) => void,
): Promise<readonly string[]> {
  const tests: (readonly [string, Test])[] = [];
  define({
    describe: (_name, body) => {
      body();
    },
    it: (name, test) => tests.push([name, test]),
  });
  const failures: string[] = [];
  for (const [name, test] of tests) {
    try {
      await test();
    } catch {
      failures.push(name);
    }
  }
  return failures;
}
