#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';

import { nodeVersionProblem } from './node-version.js';

const versionProblem = nodeVersionProblem(process.versions.node);
if (versionProblem !== undefined) {
  process.stderr.write(`${versionProblem}\n`);
  process.exit(1);
}

// Loaded only now: an older Node would fail in the middle of its dependencies, with a message that nobody understands.
const { start } = await import('./start.js');

// SIGUSR1 would open Node's inspector to whoever may send signals.
process.on('SIGUSR1', () => undefined);

const exitCode = await start({
  args: process.argv.slice(2),
  env: process.env,
  homeDirectory: homedir(),
  version: ownVersion(),
  stdout: process.stdout,
  stderr: process.stderr,
  exit: (code) => process.exit(code),
  onSignal: (name, action) => process.on(name, action),
  faults: {
    onUnhandledRejection: (action) => process.on('unhandledRejection', action),
    onUncaughtException: (action) => process.on('uncaughtException', action),
  },
});
// What a start that failed has opened must not keep the process alive.
if (exitCode !== undefined) process.exit(exitCode);

function ownVersion(): string {
  const manifest: unknown = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  );
  const hasVersion = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
  return hasVersion && typeof manifest.version === 'string' ? manifest.version : 'unknown';
}
