import { resolve } from 'node:path';
import type { PluginEntry } from '../../modules/config/index.js';
import {
  type LoadedPackage,
  type PluginLoadError,
  loadPlugins,
} from '../../modules/plugin-loading/index.js';
import { definitionKey } from '../../modules/plugins/index.js';
import { SystemClock } from '../../modules/telemetry/index.js';
import type { AnyDefinition } from '../../plugin-api/index.js';
import { silentLogger } from '../silent-logger.js';

/** What a check came to; the JSON output, as it is. */
export interface PluginReport {
  readonly ok: boolean;
  /** The folder that was asked for. */
  readonly directory: string;
  readonly name: string | null;
  readonly version: string | null;
  readonly provides: readonly DefinitionReport[];
  readonly error: { readonly code: string; readonly message: string } | null;
}
interface DefinitionReport {
  /** `strategy/zone-aware` */
  readonly key: string;
  readonly stability: string;
  /** Who checks its options: the vendor of its schema; `null`: nobody. */
  readonly schema: string | null;
}

/** As long as a start would wait for it. */
const TIMEOUT_MS = 10_000;

/**
 * Loads a package as a start would, and makes nothing of what it provides.
 *
 * @param taken What is provided already, as {@link loadPlugins} takes it.
 */
export async function checkPlugin(
  directory: string,
  taken: ReadonlyMap<string, string>,
): Promise<PluginReport> {
  const folder = resolve(directory);
  const entry: PluginEntry = { package: folder, options: undefined, onFailure: 'continue' };
  const [outcome] = await loadPlugins([entry], taken, {
    baseDirectory: folder,
    pluginDirectories: [],
    clock: new SystemClock(),
    timeoutMs: TIMEOUT_MS,
    logger: silentLogger,
  });
  return outcome?.state === 'loaded' ? loaded(folder, outcome) : failed(folder, outcome?.error);
}

function loaded(directory: string, { manifest, plugin }: LoadedPackage): PluginReport {
  const { name, version = null } = manifest.package;
  return {
    ok: true,
    directory,
    name,
    version,
    provides: plugin.provides.map(reportOf),
    error: null,
  };
}

function failed(directory: string, error: PluginLoadError | undefined): PluginReport {
  const { name = directory, version = null } = error?.package_ ?? {};
  return {
    ok: false,
    directory,
    // Before its manifest could be read there is no name but the folder's.
    name: name === directory ? null : name,
    version,
    provides: [],
    error: error === undefined ? null : { code: error.code, message: error.message },
  };
}

function reportOf(definition: AnyDefinition): DefinitionReport {
  return {
    key: definitionKey(definition),
    stability: definition.stability,
    schema: definition.configSchema?.['~standard'].vendor ?? null,
  };
}

/** The report for people. */
export function reportText({ ok, name, version, provides, error }: PluginReport): string {
  if (!ok) return `${error?.message ?? 'it cannot be loaded'}\n`;
  const lines = provides.map(
    ({ key, stability, schema }) =>
      `  ${key} (${stability}), ${schema === null ? 'options are not checked' : `options are checked by ${schema}`}`,
  );
  return [`${String(name)}@${version ?? 'without a version'} can be loaded`, ...lines, ''].join(
    '\n',
  );
}
