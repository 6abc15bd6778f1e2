import { Cursor } from '../../core/document/cursor.js';
import { readDocument } from '../../core/document/read-document.js';
import type { PluginEntry } from './allocator-config.js';
import { pluginList } from './file/plugin-list.js';
import type { ConfigSources } from './overrides.js';
import { readTextFile } from './read-text-file.js';

/** The plugins that a file and the flags name: first those of the file, then those of the flags that it does not have. */
export function pluginEntriesOf(
  written: readonly PluginEntry[],
  { overrides: { plugins = [] } }: ConfigSources,
): readonly PluginEntry[] {
  const named = new Set(written.map((entry) => entry.package));
  const added = plugins.filter((name) => !named.has(name));
  return [
    ...written,
    ...added.map((name) => ({ package: name, options: undefined, onFailure: 'abort' as const })),
  ];
}

/** The key, or an escape that might spell it: a text without any names no plugins. */
const mayNamePlugins = /plugins|\\[uUx\r\n]/;

/**
 * The plugins that the configuration names, read before anything else of it: what else may stand there depends on them.
 * Problems are left to the reading of the whole.
 */
export async function readPluginEntries(sources: ConfigSources): Promise<readonly PluginEntry[]> {
  const { configFile } = sources;
  const read = await readTextFile(configFile);
  if ('problem' in read || !mayNamePlugins.test(read.text)) return pluginEntriesOf([], sources);
  const at = Cursor.ofDocument(readDocument(read.text, { file: configFile }));
  return pluginEntriesOf(pluginList.decode(at.field('plugins')) ?? [], sources);
}
