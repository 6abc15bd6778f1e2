import { spawnSync } from 'node:child_process';

/** Runs what follows where nothing can be written. */
export const readOnlySandbox: readonly string[] = [
  ...['bwrap', '--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc'],
];

/** Whether this machine can make sandboxes. */
export const isBwrapUsable = spawnSync('env', [...readOnlySandbox, 'true']).status === 0;
