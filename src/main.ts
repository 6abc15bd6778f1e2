#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { setFlagsFromString } from 'node:v8';

import { loadProgram } from './bundle.js';
import { compilerFlags } from './compiler-effort.js';
import { loadProblem } from './load-problem.js';
import { nodeVersionProblem } from './node-version.js';
import { StopSignals } from './stop-signals.js';

// Before everything that takes time.
const stopSignals = new StopSignals({
  on: (name, action) => process.on(name, action),
  off: (name, action) => process.off(name, action),
  raise: (name) => process.kill(process.pid, name),
  exit: (code) => process.exit(code),
});

// SIGUSR1 would open Node's inspector to whoever may send signals; the others mean something once there is what they are
// about, and a sidecar that asks for a reload may come before that.
for (const name of ['SIGUSR1', 'SIGHUP', 'SIGUSR2'] as const) process.on(name, () => undefined);

const versionProblem = nodeVersionProblem(process.versions.node);
if (versionProblem !== undefined) refuse(versionProblem);

// Loaded only now: an older Node would fail in the middle of its dependencies, with a message that nobody understands.
const { start } = await loadProgram(new URL('.', import.meta.url)).catch(refuseShortage);

const exitCode = await start({
  args: process.argv.slice(2),
  env: process.env,
  homeDirectory: homedir(),
  version: ownVersion(),
  stdout: process.stdout,
  stderr: process.stderr,
  exit: (code) => process.exit(code),
  onSignal: (name, action) => process.on(name, action),
  stopSignals,
  tuneCompiler: () => {
    for (const flag of compilerFlags(process.versions.v8)) setFlagsFromString(flag);
  },
  faults: {
    onUnhandledRejection: (action) => process.on('unhandledRejection', action),
    onUncaughtException: (action) => process.on('uncaughtException', action),
  },
  // It imports the most of the program.
}).catch(refuseShortage);
// What a start that failed has opened must not keep the process alive.
if (exitCode !== undefined) process.exit(exitCode);

/** @throws what it was given, when it tells of no shortage. */
function refuseShortage(error: unknown): never {
  const problem = loadProblem(error);
  if (problem === undefined) throw error;
  refuse(problem);
}

function refuse(problem: string): never {
  process.stderr.write(`${problem}\n`);
  process.exit(1);
}

function ownVersion(): string {
  const manifest: unknown = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  );
  const hasVersion = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
  return hasVersion && typeof manifest.version === 'string' ? manifest.version : 'unknown';
}
