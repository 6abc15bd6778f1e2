// Begins a built-in strategy or filter with what `target-allocator new-plugin` gives to third parties.
//   npm run new strategy <name>
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const folders = new Map([
  ['strategy', 'strategies'],
  ['filter', 'filters'],
]);
const [kind = '', name = ''] = process.argv.slice(2);
const folder = folders.get(kind);
if (folder === undefined || !/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(name)) {
  console.error(
    `Usage: npm run new ${[...folders.keys()].join('|')} <name>\n<name>: such as zone-aware`,
  );
  process.exit(2);
}

const words = name.split('-');
const pascal = words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join('');
const camel = pascal.slice(0, 1).toLowerCase() + pascal.slice(1);
const directory = `src/plugins/${folder}/${name}`;
if (existsSync(root + directory)) {
  console.error(`${directory} is there already`);
  process.exit(1);
}

mkdirSync(root + directory);
write(`${directory}/${name}.ts`, builtIn(template('index.ts')));
write(`${directory}/${name}.spec.ts`, builtIn(template('index.spec.ts')));
console.log(`Next:
  add ${camel}${pascalOf(kind)} to src/plugins/${folder}/index.ts
  name it, with its options, in docs/guides/configuration.md
  npx vitest run --project unit ${directory}`);

function template(file) {
  return readFileSync(`${root}templates/${kind}/src/${file}`, 'utf8');
}

/** What is built in imports the contract by its path, and is listed instead of exporting a plugin of its own. */
function builtIn(text) {
  return text
    .replace(/\n+export default definePlugin\(.*\);\n/, '\n')
    .replace(/^ {2}definePlugin,\n/m, '')
    .replaceAll(`'target-allocator/plugin-api'`, `'../../../plugin-api/index.js'`)
    .replaceAll(`'target-allocator/testing'`, `'../../../plugin-api/testing/index.js'`)
    .replaceAll(`'./index.js'`, `'./${name}.js'`)
    .replaceAll(`vendor: 'my-name'`, `vendor: 'target-allocator'`)
    .replaceAll('my-name', name)
    .replaceAll('myName', camel)
    .replaceAll('MyName', pascal);
}

function pascalOf(word) {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}

function write(path, text) {
  writeFileSync(root + path, text, { flag: 'wx' });
  console.log(path);
}
