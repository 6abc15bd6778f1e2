import { pluginApiVersion } from '../../plugin-api/index.js';
import { findOwnPackage } from '../new-plugin/own-package.js';

/** What runs; the JSON output, as it is. */
export interface VersionReport {
  readonly version: string;
  /** `null`: the package does not say it. */
  readonly commit: string | null;
  readonly node: string;
  readonly plugin_api: string;
}

/** @param version This program's version. */
export async function versionReport(version: string): Promise<VersionReport> {
  const own = await findOwnPackage().catch(() => undefined);
  return {
    version,
    // npm writes it into what it publishes.
    commit: typeof own?.gitHead === 'string' ? own.gitHead : null,
    node: process.versions.node,
    plugin_api: pluginApiVersion,
  };
}

/** The report for people. */
export function versionText({ version, commit, node, plugin_api }: VersionReport): string {
  return `target-allocator ${version}
commit ${commit ?? 'not known'}
node ${node}
plugin API ${plugin_api}
`;
}
