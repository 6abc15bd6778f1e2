import type { CommandRequest, Reader } from './command.js';
import { readCheck, readRbac, readVersion } from './config-commands.js';
import { readNewPlugin, readPluginCheck } from './plugin-commands.js';

const readers: ReadonlyMap<string, Reader> = new Map([
  ['check', readCheck],
  ['rbac', readRbac],
  ['version', readVersion],
  ['new-plugin', readNewPlugin],
  ['plugin check', readPluginCheck],
]);

/** As they are written, some of two words. */
export const commandNames: readonly string[] = [...readers.keys()];

/** The command of the first words; `undefined`: there is none, and the arguments are those of a start. */
export function readCommand(
  args: readonly string[],
  homeDirectory: string,
): CommandRequest | undefined {
  for (const words of [1, 2]) {
    const reader = readers.get(args.slice(0, words).join(' '));
    if (reader !== undefined) return reader(args.slice(words), homeDirectory);
  }
  return undefined;
}
