// Records the public surface of the plugin API, and fails when it is not as recorded.
//   npm run check:api               compares
//   npm run check:api -- --accept   records it as it is
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('..', import.meta.url));
const reports = [
  {
    entry: 'src/plugin-api/index.ts',
    file: 'docs/plugin-api.api.md',
    name: 'target-allocator/plugin-api',
  },
  {
    entry: 'src/plugin-api/testing/index.ts',
    file: 'docs/plugin-testing.api.md',
    name: 'target-allocator/testing',
  },
];

const accepts = process.argv.includes('--accept');
const program = ts.createProgram(
  reports.map(({ entry }) => root + entry),
  {
    ...ts.parseJsonConfigFileContent(
      ts.readConfigFile(`${root}tsconfig.build.json`, ts.sys.readFile).config,
      ts.sys,
      root,
    ).options,
    noEmit: true,
    incremental: false,
    tsBuildInfoFile: undefined,
  },
);
const checker = program.getTypeChecker();
const printer = ts.createPrinter({ removeComments: true });

const typeFormat =
  ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.UseAliasDefinedOutsideCurrentScope;

let isWrong = false;
for (const { entry, file, name } of reports) {
  const { text, undocumented } = reportOf(entry, name);
  if (undocumented.length > 0) {
    isWrong = true;
    console.error(`${entry}: without TSDoc: ${undocumented.join(', ')}`);
  }
  if (accepts) writeFileSync(root + file, text);
  else isWrong = !isAsRecorded(file, text) || isWrong;
}
process.exitCode = isWrong ? 1 : 0;

function isAsRecorded(file, text) {
  const recorded = readIfThere(root + file);
  if (recorded === text) return true;
  console.error(`${file}: the public surface has changed:\n${differences(recorded, text)}`);
  console.error(
    'If this is meant: raise pluginApiVersion (minor for additions, major otherwise), and run "npm run check:api -- --accept".',
  );
  return false;
}

function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Lines that only one of them has; each declaration stands by itself, so the order says nothing. */
function differences(before, after) {
  const [old, young] = [before, after].map((text) => text.split('\n\n'));
  const gone = old.filter((part) => !young.includes(part)).map((part) => marked('-', part));
  const come = young.filter((part) => !old.includes(part)).map((part) => marked('+', part));
  return [...gone, ...come].join('\n');
}

function marked(sign, part) {
  return part.replaceAll(/^/gm, `${sign} `);
}

function reportOf(entry, name) {
  const symbols = new Map(exportsOf(entry).map((symbol) => [symbol.name, resolved(symbol)]));
  const hidden = hiddenOf([...symbols.values()]);
  const undocumented = [...symbols]
    .filter(([, symbol]) => ts.displayPartsToString(symbol.getDocumentationComment(checker)) === '')
    .map(([symbolName]) => symbolName);
  const text = [
    `# ${name}`,
    'The public surface, recorded by `npm run check:api -- --accept`. Every change here is one for everybody who has written a plugin.',
    ...section('Exports', symbols),
    ...(hidden.size === 0 ? [] : section('Not exported, but part of what is', hidden)),
  ].join('\n\n');
  return { text: `${text}\n`, undocumented };
}

function exportsOf(entry) {
  const source = program.getSourceFile(root + entry);
  return checker.getExportsOfModule(checker.getSymbolAtLocation(source));
}

function section(title, symbols) {
  const texts = [...symbols]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, symbol]) => declarationOf(name, symbol));
  return [`## ${title}`, ...texts.map((text) => `\`\`\`ts\n${text}\n\`\`\``)];
}

function resolved(symbol) {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

/** What declarations of ours refer to, and theirs, but nobody can import from any entry. */
function hiddenOf(symbols) {
  const known = new Set(reports.flatMap(({ entry }) => exportsOf(entry).map(resolved)));
  const hidden = new Map();
  const queue = [...symbols];
  for (let symbol = queue.pop(); symbol !== undefined; symbol = queue.pop()) {
    for (const used of usedBy(symbol)) {
      if (known.has(used)) continue;
      known.add(used);
      hidden.set(used.name, used);
      queue.push(used);
    }
  }
  return hidden;
}

function usedBy(symbol) {
  const used = new Set();
  const visit = (node) => {
    if (ts.isTypeReferenceNode(node)) add(node.typeName);
    if (ts.isExpressionWithTypeArguments(node)) add(node.expression);
    if (ts.isTypeQueryNode(node)) add(node.exprName);
    ts.forEachChild(node, visit);
  };
  const add = (name) => {
    const found = checker.getSymbolAtLocation(name);
    if (found === undefined) return;
    const target = resolved(found);
    const declaration = target.declarations?.[0];
    const isOurs = declaration?.getSourceFile().fileName.startsWith(`${root}src/`) === true;
    if (isOurs && !(target.flags & ts.SymbolFlags.TypeParameter)) used.add(target);
  };
  for (const declaration of symbol.declarations ?? []) publicPartsOf(declaration).forEach(visit);
  return used;
}

/** Without bodies and private members. */
function publicPartsOf(declaration) {
  if (ts.isClassDeclaration(declaration)) {
    const members = declaration.members.filter(isPublic).flatMap(signatureParts);
    return [...(declaration.heritageClauses ?? []), ...members];
  }
  return signatureParts(declaration);
}

function signatureParts(node) {
  if (ts.isFunctionLike(node)) return [...node.parameters, node.type].filter(Boolean);
  if (ts.isPropertyDeclaration(node) || ts.isVariableDeclaration(node)) {
    return [node.type].filter(Boolean);
  }
  return [node];
}

function isPublic(member) {
  const isPrivate = ts
    .getModifiers(member)
    ?.some(({ kind }) => kind === ts.SyntaxKind.PrivateKeyword);
  return isPrivate !== true && !(member.name && ts.isPrivateIdentifier(member.name));
}

function declarationOf(name, symbol) {
  const declarations = symbol.declarations ?? [];
  return declarations.map((declaration) => textOf(name, symbol, declaration)).join('\n');
}

function textOf(name, symbol, declaration) {
  if (ts.isVariableDeclaration(declaration)) {
    const type = checker.getTypeOfSymbolAtLocation(symbol, declaration);
    return `const ${name}: ${typeText(type, declaration)};`;
  }
  if (ts.isFunctionDeclaration(declaration)) {
    return `function ${name}${signatureText(declaration)};`;
  }
  if (ts.isClassDeclaration(declaration)) return classText(name, declaration);
  return printer.printNode(
    ts.EmitHint.Unspecified,
    withoutExport(declaration),
    declaration.getSourceFile(),
  );
}

function typeText(type, node) {
  return checker.typeToString(type, node, typeFormat);
}

function signatureText(declaration) {
  const signature = checker.getSignatureFromDeclaration(declaration);
  return checker.signatureToString(signature, declaration, typeFormat);
}

function classText(name, declaration) {
  const file = declaration.getSourceFile();
  const heritage = (declaration.heritageClauses ?? []).map((clause) => ` ${clause.getText(file)}`);
  const parameters = (declaration.typeParameters ?? []).map((parameter) => parameter.getText(file));
  const own = parameters.length === 0 ? '' : `<${parameters.join(', ')}>`;
  const members = declaration.members.filter(isPublic).map((member) => `  ${memberText(member)}`);
  return [`class ${name}${own}${heritage.join('')} {`, ...members, '}'].join('\n');
}

function memberText(member) {
  const file = member.getSourceFile();
  if (ts.isConstructorDeclaration(member)) {
    return `constructor(${member.parameters.map((parameter) => parameterText(parameter)).join(', ')});`;
  }
  const words = (ts.getModifiers(member) ?? [])
    .map((modifier) => modifier.getText(file))
    .filter((word) => word !== 'async' && word !== 'override')
    .map((word) => `${word} `)
    .join('');
  const accessor = ts.isGetAccessor(member) ? 'get ' : ts.isSetAccessor(member) ? 'set ' : '';
  const star = ts.isMethodDeclaration(member) && accessor === '' ? signatureText(member) : '';
  const name = member.name?.getText(file) ?? '';
  if (star !== '') return `${words}${name}${star};`;
  const type = checker.getTypeAtLocation(member);
  return `${words}${accessor}${name}: ${typeText(type, member)};`;
}

/** Parameter properties are members, too; so their modifiers stay. */
function parameterText(parameter) {
  const file = parameter.getSourceFile();
  const words = (ts.getModifiers(parameter) ?? []).map((modifier) => `${modifier.getText(file)} `);
  const isPrivate = words.includes('private ');
  const optional = parameter.questionToken || parameter.initializer ? '?' : '';
  const type = typeText(checker.getTypeAtLocation(parameter), parameter);
  return `${isPrivate ? '' : words.join('')}${parameter.name.getText(file)}${optional}: ${type}`;
}

function withoutExport(declaration) {
  const modifiers = (declaration.modifiers ?? []).filter(
    ({ kind }) => kind !== ts.SyntaxKind.ExportKeyword,
  );
  const { factory } = ts;
  if (ts.isInterfaceDeclaration(declaration)) {
    const { name, typeParameters, heritageClauses, members } = declaration;
    return factory.updateInterfaceDeclaration(
      declaration,
      modifiers,
      name,
      typeParameters,
      heritageClauses,
      members,
    );
  }
  if (ts.isTypeAliasDeclaration(declaration)) {
    const { name, typeParameters, type } = declaration;
    return factory.updateTypeAliasDeclaration(declaration, modifiers, name, typeParameters, type);
  }
  return declaration;
}
