import type { Logger } from '../../plugin-api/index.js';
import type { PluginEntry } from '../config/index.js';
import { fewAtOnce } from './few-at-once.js';
import { type LoadedPackage, loadPlugin, type LoadOptions } from './load-plugin.js';
import { PluginLoadError } from './plugin-loading.errors.js';

/** What became of an entry. */
export type PluginOutcome =
  | ({ readonly state: 'loaded'; readonly entry: PluginEntry } & LoadedPackage)
  | { readonly state: 'failed'; readonly entry: PluginEntry; readonly error: PluginLoadError };

/**
 * Loads plugins. One that fails and may be missing is told of and left out.
 *
 * @param taken What is provided already, each with who provides it: `strategy/per-node` → `built-in strategies`.
 * @throws AggregateError of every {@link PluginLoadError} of plugins that must not be missing.
 */
export async function loadPlugins(
  entries: readonly PluginEntry[],
  taken: ReadonlyMap<string, string>,
  options: LoadOptions & { readonly logger: Logger },
): Promise<readonly PluginOutcome[]> {
  const owners = new Map(taken);
  const outcomes: PluginOutcome[] = [];
  // Not one after the other, because one that hangs takes its time; who is first counts by the order of the configuration.
  const loading = await fewAtOnce(entries, (entry) =>
    outcomeOf(entry, () => loadPlugin(entry.package, options)),
  );
  for (const loaded of loading) {
    const outcome = await outcomeOf(loaded.entry, () => unlessTaken(loaded, owners));
    outcomes.push(outcome);
    if (outcome.state === 'loaded') {
      const { manifest } = outcome;
      for (const name of manifest.provides) owners.set(name, manifest.package.name);
      options.logger.info('plugin loaded', { ...manifest.package, provides: manifest.provides });
    } else if (outcome.entry.onFailure === 'continue') {
      options.logger.error('plugin left out', { error: outcome.error.message });
    }
  }
  const fatal = outcomes.flatMap((outcome) =>
    outcome.state === 'failed' && outcome.entry.onFailure === 'abort' ? [outcome.error] : [],
  );
  if (fatal.length > 0) {
    throw new AggregateError(fatal, fatal.map(({ message }) => message).join('\n'));
  }
  return outcomes;
}

async function outcomeOf(
  entry: PluginEntry,
  load: () => Promise<LoadedPackage> | LoadedPackage,
): Promise<PluginOutcome> {
  try {
    return { state: 'loaded', entry, ...(await load()) };
  } catch (error) {
    if (error instanceof PluginLoadError) return { state: 'failed', entry, error };
    throw error;
  }
}

function unlessTaken(outcome: PluginOutcome, owners: ReadonlyMap<string, string>): LoadedPackage {
  if (outcome.state === 'failed') throw outcome.error;
  checkOwners(outcome, owners);
  return outcome;
}

function checkOwners({ manifest }: LoadedPackage, owners: ReadonlyMap<string, string>): void {
  for (const name of manifest.provides) {
    const owner = owners.get(name);
    if (owner === undefined) continue;
    throw new PluginLoadError('TA_PLUGIN_DUPLICATE', manifest.package, {
      reason: `it provides ${name}, and so does ${owner}`,
      advice: 'remove one of them, or have its author choose another name',
    });
  }
}
