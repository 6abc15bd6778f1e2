import { setTimeout as sleep } from 'node:timers/promises';
import { loadCase, loadExpectation, type ConformanceCase, type Expectation } from './case.js';
import type { CaseCluster } from './case-cluster.js';
import { CaseRun } from './case-run.js';
import { comparable, ignoredPaths, isEqual } from './comparison.js';
import { type Json, type JsonObject } from './json.js';
import type { Implementation } from './implementation.js';

/** What was expected and what was last seen; equal when the case passes. */
export interface Outcome {
  readonly where: string;
  readonly expected: Json;
  readonly actual: Json;
}

const pollMs = 300;

/** Runs one case. Ends with the first difference, or with the last recording when there is none. */
export async function replay(
  name: string,
  cluster: CaseCluster,
  implementation: Implementation,
): Promise<Outcome> {
  const conformanceCase = loadCase(name);
  const run = await CaseRun.start(conformanceCase, cluster, implementation);
  try {
    const expectation = loadExpectation(name);
    const exitCode = await run.waitUntilServing();
    if (expectation.startup_error !== undefined || exitCode !== undefined) {
      return startOutcome(expectation, exitCode, run);
    }
    return await replayRecordings(
      { name, conformanceCase, run, implementation },
      expectation.recordings,
    );
  } finally {
    await run.stop();
  }
}

function startOutcome(
  expectation: Expectation,
  exitCode: number | string | undefined,
  run: CaseRun,
): Outcome {
  const seen = exitCode === undefined ? 'it serves' : `it exits with ${String(exitCode)}`;
  if (expectation.startup_error === undefined) {
    return { where: 'start', expected: 'it serves', actual: `${seen}: ${run.output.slice(-600)}` };
  }
  const { exit_code: wanted, message } = expectation.startup_error;
  // How a crash exits is an accident of the Go allocator.
  const isRefused = message.startsWith('panic:')
    ? exitCode !== undefined && exitCode !== 0
    : exitCode === wanted;
  const expected = `it exits with ${String(wanted)}`;
  return {
    where: `start (${message.slice(0, 200)})`,
    expected,
    actual: isRefused ? expected : seen,
  };
}

interface Replay {
  readonly name: string;
  readonly conformanceCase: ConformanceCase;
  readonly run: CaseRun;
  readonly implementation: Implementation;
}

async function replayRecordings(
  replayed: Replay,
  recordings: readonly JsonObject[],
): Promise<Outcome> {
  const { name, conformanceCase, run, implementation } = replayed;
  let outcome: Outcome = { where: 'no recording', expected: null, actual: null };
  for (const [i, recording] of recordings.entries()) {
    const step = i === 0 ? undefined : conformanceCase.steps?.[i - 1];
    if (step !== undefined) await run.apply(step);
    const families = allocatorFamilies(recording);
    const ignored = implementation.isReference ? [] : ignoredPaths(name, i);
    const loosen = (snapshot: JsonObject) => comparable(snapshot, families, ignored);
    const expected = loosen(recording);
    // An unchanged answer proves nothing before a change had time to show.
    const isQuiet = i > 0 && isEqual(expected, outcome.expected);
    const atLeastMs = isQuiet ? implementation.quietMs : 0;
    const actual = await awaitSnapshot(replayed, loosen, expected, { atLeastMs });
    outcome = { where: `recording ${String(i)}`, expected, actual };
    if (!isEqual(expected, actual)) break;
  }
  return outcome;
}

function allocatorFamilies(recording: JsonObject): ReadonlySet<string> {
  const families = Object.keys((recording['metric_families'] ?? {}) as JsonObject);
  return new Set(families.filter((name) => name.startsWith('opentelemetry_allocator_')));
}

/** Takes snapshots until one equals what is expected and the next ones keep doing so; else the last one. */
async function awaitSnapshot(
  { run, implementation }: Replay,
  loosen: (snapshot: JsonObject) => Json,
  expected: Json,
  { atLeastMs }: { readonly atLeastMs: number },
): Promise<Json> {
  const begin = performance.now();
  let equalSince: number | undefined;
  for (;;) {
    run.assertRunning();
    const actual = loosen(await run.snapshot());
    const now = performance.now();
    if (isEqual(actual, expected)) {
      equalSince ??= now;
      const hasHeld = now - equalSince >= implementation.holdMs;
      if (hasHeld && now - begin >= atLeastMs) return actual;
    } else {
      equalSince = undefined;
      if (now - begin > Math.max(implementation.deadlineMs, atLeastMs + 20_000)) return actual;
    }
    await sleep(pollMs);
  }
}
