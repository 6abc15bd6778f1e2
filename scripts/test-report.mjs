// Reads the reports (Vitest's JSON) of a run of all tests and, where there was one, of the second run of what failed in it.
//   node scripts/test-report.mjs failed <first>                        the files that failed, a line each
//   node scripts/test-report.mjs closing <failed steps> <first> [<second>]   the closing line; exits with 1 if anything failed
import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';

const [command, ...rest] = process.argv.slice(2);

/** The results of the files by their path. */
function filesOf(path) {
  if (path === undefined || !existsSync(path)) return new Map();
  const { testResults } = JSON.parse(readFileSync(path, 'utf8'));
  return new Map(testResults.map((file) => [relative(process.cwd(), file.name), file]));
}

const testsOf = (files, ...states) =>
  [...files.values()]
    .flatMap((file) => file.assertionResults)
    .filter(({ status }) => states.includes(status)).length;

const isFailed = (file) =>
  file.status === 'failed' || file.assertionResults.some(({ status }) => status === 'failed');

/** A file that could not even be loaded has no tests that could fail. */
const isBroken = (file) =>
  file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed');

function printFailed([first]) {
  for (const [path, file] of filesOf(first)) if (isFailed(file)) console.log(path);
}

function printClosing([failedSteps, first, second]) {
  const files = filesOf(first);
  for (const [path, file] of filesOf(second)) {
    const former = files.get(path);
    files.set(path, file);
    if (isFailed(file)) continue;
    for (const test of former?.assertionResults ?? [])
      if (test.status === 'failed')
        console.log(`failed beside others, passed alone: ${path}: ${test.fullName}`);
  }
  const passed = testsOf(files, 'passed');
  const broken = [...files.values()].filter(isBroken).length;
  // A step that failed without a failed test (a lint error, say) is a failure too.
  const failed = testsOf(files, 'failed') + broken || Number(failedSteps);
  console.log(`${testsOf(files, 'pending', 'skipped')} skipped`);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
}

if (command === 'failed') printFailed(rest);
else printClosing(rest);
