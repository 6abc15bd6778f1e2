/** What plugins may import of this package, wherever they are installed. */
const ownEntries = ['target-allocator/plugin-api', 'target-allocator/testing'];

/**
 * The URL of a module that, once imported, makes these entries resolve to this very copy for every module that is loaded
 * from then on in its thread: a package in a mounted folder has none beside it. Where Node has only asynchronous hooks
 * (before 22.15), CommonJS packages need a copy of their own.
 *
 * It is text because threads import it too, and a bundle has no file of its own for it.
 */
export function ownPackageModule(): string {
  const own: Record<string, string> = {};
  for (const entry of ownEntries) own[entry] = import.meta.resolve(entry);
  return asModule(`
import * as module from 'node:module';
const own = ${JSON.stringify(own)};
const resolve = (specifier, context, next) =>
  Object.hasOwn(own, specifier) ? { url: own[specifier], shortCircuit: true } : next(specifier, context);
if (typeof module.registerHooks === 'function') module.registerHooks({ resolve });
else module.register(${JSON.stringify(asyncHooks(own))});
`);
}

function asyncHooks(own: Readonly<Record<string, string>>): string {
  return asModule(`
const own = ${JSON.stringify(own)};
export async function resolve(specifier, context, next) {
  return Object.hasOwn(own, specifier) ? { url: own[specifier], shortCircuit: true } : next(specifier, context);
}
`);
}

function asModule(source: string): string {
  return `data:text/javascript,${encodeURIComponent(source)}`;
}
