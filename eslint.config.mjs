import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const noProcessGlobals = [
  {
    object: 'process',
    property: 'env',
    message: 'Only src/main.ts reads the environment; take the value as an argument.',
  },
  {
    object: 'process',
    property: 'exit',
    message: 'Only src/main.ts ends the process; throw, or close what you started.',
  },
];

const noDefaultExport = {
  selector: 'ExportDefaultDeclaration',
  message: 'Named exports only, so that a thing has one name everywhere.',
};
const noExportAll = {
  selector: 'ExportAllDeclaration',
  message: 'List what a module gives out.',
};
const noEnum = { selector: 'TSEnumDeclaration', message: 'Use a union of string literals.' };
const noBareTimer = {
  selector: 'CallExpression[callee.name=/^(setTimeout|setInterval)$/]',
  message: 'Use the injected Clock, so that tests can turn it.',
};
const noPlainError = {
  selector: "NewExpression[callee.name='Error']",
  message:
    'Throw a class with a stable code (x.errors.ts), so that callers and operators can act on it.',
};

/** Functions and files that grow past these are doing several things. */
const sizes = {
  'max-lines': ['error', { max: 300 }],
  'max-lines-per-function': ['error', { max: 50, skipBlankLines: true, skipComments: true }],
  'max-params': ['error', 4],
  complexity: ['error', 10],
};

export default defineConfig(
  globalIgnores([
    'dist/',
    'examples/plugins/*/dist/',
    // Linted where they are generated, with the rules that they bring.
    'templates/',
    'coverage/',
    'node_modules/',
    '**/*.mjs',
    '**/*.cjs',
    '**/*.js',
  ]),
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    rules: {
      ...sizes,
      eqeqeq: ['error', 'always'],
      'no-console': 'error',
      'no-restricted-properties': ['error', ...noProcessGlobals],
      'no-restricted-syntax': ['error', noDefaultExport, noExportAll, noEnum, noBareTimer],
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: true },
      ],
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/prefer-readonly': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // An empty class is how Nest names a module.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      // Unknown data passes a schema first; where an assertion is unavoidable, the disabling comment says why.
      '@typescript-eslint/no-unsafe-type-assertion': 'error',
    },
  },
  {
    // One public door: its barrel may pass whole contract files on.
    files: ['src/plugin-api/index.ts'],
    rules: { 'no-restricted-syntax': ['error', noDefaultExport, noEnum] },
  },
  {
    files: [
      'src/core/**/*.ts',
      'src/plugin-api/**/*.ts',
      'src/plugins/**/*.ts',
      'src/modules/**/*.ts',
    ],
    ignores: ['src/plugin-api/index.ts', '**/*.spec.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        noDefaultExport,
        noExportAll,
        noEnum,
        noBareTimer,
        noPlainError,
      ],
    },
  },
  {
    // The host looks for the plugin in the default export of a package.
    files: ['examples/plugins/*/src/index.ts'],
    rules: { 'no-restricted-syntax': ['error', noExportAll, noEnum, noBareTimer] },
  },
  {
    // The process boundary.
    files: ['src/main.ts'],
    rules: { 'no-restricted-properties': 'off' },
  },
  {
    // Tests read JSON of other processes, start them, and wait for them on the real clock.
    files: ['**/*.spec.ts', 'test/**/*.ts', 'bench/**/*.ts', 'vitest.config.ts'],
    rules: {
      'max-lines-per-function': 'off',
      'no-restricted-properties': 'off',
      'no-restricted-syntax': ['error', noExportAll, noEnum],
      'no-console': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-type-assertion': 'off',
      '@typescript-eslint/require-await': 'off',
    },
  },
);
