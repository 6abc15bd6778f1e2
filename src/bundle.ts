import { statSync } from 'node:fs';
import module from 'node:module';
import { fileURLToPath } from 'node:url';
import type { start } from './start.js';

/** What is in `start.js`. */
interface StartModule {
  readonly start: typeof start;
}

/**
 * Imports the program: from the few files that `npm run build` puts it into, which takes half the time, unless something
 * was compiled since or they were not made.
 *
 * @param folder The URL of the folder that this was compiled to.
 */
export async function loadProgram(folder: URL): Promise<StartModule> {
  const bundle = new URL('bundle/start.js', folder);
  const bundledAt = changedAt(bundle);
  const compiledAt = changedAt(new URL('.tsbuildinfo', folder)) ?? 0;
  if (bundledAt === undefined || bundledAt < compiledAt) return import('./start.js');
  keepCompiled(new URL('bundle/compiled', folder));
  // eslint-disable-next-line @typescript-eslint/no-unsafe-type-assertion -- the same module, at an address that the compiler does not know
  return (await import(bundle.href)) as StartModule;
}

/**
 * Has V8 keep what it compiles, for the next start; where the folder cannot be written, nothing is kept. Node's own choice
 * would be below the temporary folder, where others could leave what this would run.
 */
function keepCompiled(folder: URL): void {
  // Node has it from 22.1 on.
  const enable: unknown = Reflect.get(module, 'enableCompileCache');
  if (typeof enable === 'function') Reflect.apply(enable, module, [fileURLToPath(folder)]);
}

/** When, in milliseconds since 1970: 0 in images that are built to be the same each time. */
function changedAt(file: URL): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs;
}
