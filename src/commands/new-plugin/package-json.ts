import { type DefinitionKind, pluginApiVersion } from '../../plugin-api/index.js';
import type { OwnPackage } from './own-package.js';
import type { PluginNames } from './plugin-names.js';

/** All that a package needs to be built, linted and tested. */
const tools = ['@types/node', 'eslint', 'typescript', 'typescript-eslint', 'vitest'];

/**
 * The `package.json` of a new plugin.
 *
 * @param allocator What it is developed against: a version, or `file:` and the path of a tarball.
 */
export function packageJson(
  names: PluginNames,
  kind: DefinitionKind,
  own: OwnPackage,
  allocator: string | undefined,
): object {
  const range = `^${own.version}`;
  return {
    name: names.package,
    version: '0.1.0',
    description: `A plugin for target-allocator: the ${kind} ${names.definition}`,
    type: 'module',
    exports: './dist/index.js',
    types: './dist/index.d.ts',
    files: ['dist', ...(kind === 'scrape-configs' ? ['deploy'] : [])],
    keywords: ['target-allocator-plugin'],
    // Read by the allocator before any code runs.
    targetAllocator: {
      apiVersion: pluginApiVersion,
      plugin: './dist/index.js',
      provides: [`${kind}/${names.definition}`],
    },
    scripts: {
      build: 'tsc -p tsconfig.build.json',
      lint: 'eslint --max-warnings 0 .',
      test: 'vitest run',
      check: 'target-allocator plugin check .',
      prepack: 'npm run build',
    },
    peerDependencies: { 'target-allocator': range },
    devDependencies: Object.fromEntries([
      ...tools.map((tool) => [tool, own.devDependencies[tool] ?? '*'] as const),
      ['target-allocator', allocator ?? range] as const,
    ]),
  };
}
