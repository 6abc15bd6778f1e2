import type { Problem } from './core/document/problem.js';
import { silentLogger } from './commands/silent-logger.js';
import { installPlugins } from './installed-plugins.js';
import { knownPlugins } from './known-plugins.js';
import {
  type AllocatorConfig,
  type ConfigSources,
  loadConfig,
  type LoadPhase,
  type LoadResult,
} from './modules/config/index.js';
import { type InstalledPlugin, messageOf, PluginRegistry } from './modules/plugins/index.js';
import { SystemClock } from './modules/telemetry/index.js';
import { customResourceWatchers } from './modules/watchers/index.js';
import { builtInPlugins } from './plugins/built-in-plugins.js';

/** Reads a configuration as a start would, and starts nothing. Plugins that cannot be loaded are problems of it. */
export async function readConfig(sources: ConfigSources, phase: LoadPhase): Promise<LoadResult> {
  const { installed, problems: ofPlugins } = await loadPluginsOf(sources);
  const read = await loadConfig(sources, knownPlugins(installed), phase);
  const ofWatchers = read.kind === 'loaded' ? await watcherProblems(read.config, installed) : [];
  const problems = [...ofPlugins, ...ofWatchers, ...read.problems];
  const isRefused = problems.some(({ severity }) => severity === 'error');
  return isRefused ? { kind: 'refused', problems, paths: read.paths } : { ...read, problems };
}

interface LoadedPlugins {
  readonly installed: readonly InstalledPlugin[];
  readonly problems: readonly Problem[];
}

async function loadPluginsOf(sources: ConfigSources): Promise<LoadedPlugins> {
  const problem = (severity: Problem['severity'], message: string): Problem => {
    return { severity, file: sources.configFile, path: 'plugins', message };
  };
  try {
    const tools = { logger: silentLogger, clock: new SystemClock() };
    const { installed, failed } = await installPlugins(sources, tools);
    return { installed, problems: failed.map(({ error }) => problem('warning', error.message)) };
  } catch (error) {
    if (!(error instanceof AggregateError)) throw error;
    return {
      installed: builtInPlugins.map((plugin) => ({ plugin })),
      problems: error.errors.map((one: unknown) => problem('error', messageOf(one))),
    };
  }
}

/** The watchers check what an administrator lays down for custom resources when they are made. */
async function watcherProblems(
  config: AllocatorConfig,
  installed: readonly InstalledPlugin[],
): Promise<readonly Problem[]> {
  const registry = new PluginRegistry(installed);
  const found = new Map<string, Problem>();
  for (const { name, options } of customResourceWatchers(config, '')) {
    const schema = registry.find('scrape-configs', name)?.configSchema;
    const { issues = [] } = (await schema?.['~standard'].validate(options)) ?? {};
    for (const { message } of issues) {
      const problem = { file: config.configFile, path: 'prometheus_cr', message };
      found.set(message, { severity: 'error', ...problem });
    }
  }
  return [...found.values()];
}
