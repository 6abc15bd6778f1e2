/**
 * Who may import whom. Each rule says why it is there; ARCHITECTURE.md has the picture.
 *
 * @type {import('dependency-cruiser').IConfiguration}
 */
module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      comment: 'A cycle has no order in which it can be read.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'core-is-pure',
      comment: 'The domain knows nothing of the shell around it: src/core imports src/core only.',
      severity: 'error',
      from: { path: '^src/core/' },
      to: { path: '^src/', pathNot: '^src/core/' },
    },
    {
      name: 'plugin-api-knows-core-only',
      comment: 'Plugins must not be tied to the host through their contract.',
      severity: 'error',
      from: { path: '^src/plugin-api/' },
      to: { path: '^src/', pathNot: '^src/(core|plugin-api)/' },
    },
    {
      name: 'no-io-in-core-and-plugin-api',
      comment: 'Values in, values out: no Node, no framework, no Kubernetes.',
      severity: 'error',
      from: { path: '^src/(core|plugin-api)/', pathNot: '[.]spec[.]ts$|/testing/' },
      to: {
        path: '^node_modules/',
        pathNot: '^node_modules/(yaml|re2js|xxhash-wasm)/',
      },
    },
    {
      name: 'no-node-in-core-and-plugin-api',
      comment: 'Time, randomness, files and the environment come in as arguments.',
      severity: 'error',
      from: { path: '^src/(core|plugin-api)/', pathNot: '[.]spec[.]ts$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'plugins-use-the-public-contract',
      comment:
        'What is built in is written as a third party would: plugin-api and nothing else of ours.',
      severity: 'error',
      from: { path: '^src/plugins/([^/]+)/' },
      to: { path: '^src/', pathNot: ['^src/plugin-api/', '^src/plugins/$1/'] },
    },
    {
      name: 'plugin-list-knows-plugins-only',
      comment: 'Files directly in src/plugins list the built-in plugins.',
      severity: 'error',
      from: { path: '^src/plugins/[^/]+[.]ts$' },
      to: { path: '^src/', pathNot: ['^src/plugin-api/', '^src/plugins/'] },
    },
    {
      name: 'modules-have-one-door',
      comment: "Another module's index.ts is all that may be imported of it.",
      severity: 'error',
      from: { path: '^src/modules/([^/]+)/' },
      to: {
        path: '^src/modules/([^/]+)/',
        pathNot: ['^src/modules/$1/', '^src/modules/[^/]+/(index[.]ts$|testing/)'],
      },
    },
    {
      name: 'testing-folders-are-for-tests',
      comment: 'Fakes are shared by specs; what ships does not import them.',
      severity: 'error',
      from: { path: '^src/', pathNot: '[.]spec[.]ts$|/testing/' },
      to: { path: '/testing/', pathNot: '^node_modules/' },
    },
    {
      name: 'modules-do-not-know-plugins',
      comment: 'Modules reach plugins through the registry.',
      severity: 'error',
      from: { path: '^src/modules/' },
      to: { path: '^src/plugins/' },
    },
    {
      name: 'only-kubernetes-imports-kubernetes',
      comment: 'One place knows the Kubernetes client.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/modules/kubernetes/' },
      to: { path: '^node_modules/@kubernetes/' },
    },
    {
      name: 'main-is-the-top',
      comment: 'main → bootstrap → app.module; nothing else imports a file directly in src.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/[^/]+[.]ts$' },
      to: { path: '^src/[^/]+[.]ts$' },
    },
    {
      name: 'src-does-not-know-tests',
      comment: 'What ships does not depend on how it is tested.',
      severity: 'error',
      from: { path: '^src/', pathNot: '[.]spec[.]ts$|/testing/' },
      to: { path: '^(test|bench|examples|scripts)/|[.]spec[.]ts$' },
    },
    {
      name: 'specs-of-src-need-no-test-folder-but-fixtures',
      comment: 'A unit spec may use a shared fixture, no other test.',
      severity: 'error',
      from: { path: '^src/.*([.]spec[.]ts$|/testing/)' },
      to: { path: '^test/', pathNot: '^test/fixtures/' },
    },
    {
      name: 'no-dev-dependency-in-src',
      comment: 'npm install --omit=dev must leave a running service.',
      severity: 'error',
      from: { path: '^src/', pathNot: '[.]spec[.]ts$|/testing/' },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'not-to-unresolvable',
      comment: 'An import that leads nowhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: '^node_modules/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
