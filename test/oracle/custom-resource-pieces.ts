import fc from 'fast-check';
import { type Care, type Data, draw, drawText, some, struct } from './custom-resource-draw.js';
import { labelNamePool, poolOf, regexPool, replacementPool } from './custom-resource-values.js';
import { credentialKeys, tlsKeys } from './custom-resource-world.js';

type Fields = Readonly<Record<string, fc.Arbitrary<unknown>>>;

function rule(action: string, fields: Fields): fc.Arbitrary<Data> {
  return struct({ action: fc.constantFrom(action, capital(action)), ...fields });
}

function capital(action: string): string {
  const spellings: Readonly<Record<string, string>> = {
    hashmod: 'HashMod',
    labelmap: 'LabelMap',
    labeldrop: 'LabelDrop',
    labelkeep: 'LabelKeep',
    keepequal: 'KeepEqual',
    dropequal: 'DropEqual',
  };
  return spellings[action] ?? action.replace(/^./, (first) => first.toUpperCase());
}

/** A rule of relabelings as custom resources write it. */
export function relabelRule(care: Care): fc.Arbitrary<Data> {
  const label = drawText(care, labelNamePool);
  const labels = fc.array(label, { maxLength: 3 });
  const regex = some(drawText(care, regexPool), 70);
  const replacement = some(drawText(care, replacementPool), 60);
  const separator = some(fc.constantFrom(';', ',', '', '@'), 30);
  const modulus = fc.constantFrom(1, 8, 1000);
  const name = drawText(care, { fitting: replacementPool.fitting.filter(Boolean), wrong: [''] });
  const fitting = fc.oneof(
    struct({ sourceLabels: some(labels, 80), separator, regex, targetLabel: label, replacement }),
    rule('replace', { sourceLabels: labels, targetLabel: label, regex, replacement }),
    rule('keep', { sourceLabels: labels, regex, separator }),
    rule('drop', { sourceLabels: labels, regex, separator }),
    rule('hashmod', { sourceLabels: labels, targetLabel: label, modulus }),
    rule('labelmap', { regex, replacement: some(name, 60) }),
    rule('labeldrop', { regex }),
    rule('labelkeep', { regex }),
    rule('lowercase', { sourceLabels: labels, targetLabel: label }),
    rule('uppercase', { sourceLabels: labels, targetLabel: label }),
    rule('keepequal', { sourceLabels: labels, targetLabel: label }),
    rule('dropequal', { sourceLabels: labels, targetLabel: label }),
  );
  const actions = ['replace', 'keep', 'hashmod', 'labelmap', 'labeldrop', 'lowercase', 'keepequal'];
  const wild = struct({
    action: some(fc.constantFrom(...actions, ...actions.map(capital), 'KEEP', 'nothing', ''), 80),
    sourceLabels: some(labels, 50),
    separator,
    regex,
    targetLabel: some(fc.oneof(label, fc.constantFrom('$1', '${x}_b', '')), 50),
    replacement,
    modulus: some(fc.constantFrom(0, 1, 8, -1, 2 ** 40), 30),
  });
  return draw(care, fitting, wild);
}

/** A label selector. */
export function labelSelector(care: Care): fc.Arbitrary<Data> {
  const key = draw(
    care,
    fc.constantFrom('app', 'app.kubernetes.io/name', 'a-b', 'team', 'yes'),
    fc.constantFrom('', 'a b', 'é', '-x', '__proto__'),
  );
  const value = draw(
    care,
    fc.constantFrom('web', 'a.b', 'yes', '0777', ''),
    fc.constantFrom('a b', '(x', 'é', 'x'.repeat(64)),
  );
  const values = fc.array(value, { minLength: 1, maxLength: 3 });
  const expression = fc.oneof(
    struct({ key, operator: fc.constantFrom('In', 'NotIn'), values }),
    struct({ key, operator: fc.constantFrom('Exists', 'DoesNotExist') }),
  );
  const wild = struct({
    key,
    operator: fc.constantFrom('In', 'NotIn', 'Exists', 'DoesNotExist', 'in', ''),
    values: some(fc.array(value, { maxLength: 2 }), 50),
  });
  return struct({
    matchLabels: some(fc.dictionary(key, value, { maxKeys: 3 }), 50),
    matchExpressions: some(fc.array(draw(care, expression, wild), { maxLength: 3 }), 30),
  });
}

const tlsPieces: Readonly<Record<string, readonly string[]>> = {
  ca: ['ca', 'other-ca', 'empty'],
  cert: ['cert'],
  keySecret: ['key'],
};

/** A key of a Secret or a ConfigMap. @param path The names of the fields that lead to it. */
export function keyReference(care: Care, path: readonly string[]): fc.Arbitrary<Data> {
  const isConfigMap = path.at(-1) === 'configMap';
  const tls = tlsPieces[path.at(-1) ?? ''] ?? tlsPieces[path.at(-2) ?? ''];
  const isTls = tls !== undefined && path.includes('tlsConfig');
  const fitting = struct({
    name: fc.constant(isConfigMap ? 'settings' : isTls ? 'tls' : 'creds'),
    key: fc.constantFrom(...(isTls ? tls : isConfigMap ? ['id'] : credentialKeys)),
    optional: some(fc.boolean(), 10),
  });
  const wrong = struct({
    name: some(fc.constantFrom('creds', 'tls', 'settings', 'private', 'missing', ''), 90),
    key: fc.constantFrom(...credentialKeys, ...(isTls ? tlsKeys : []), 'private', 'missing', ''),
    optional: some(fc.boolean(), 20),
  });
  return draw(care, fitting, wrong);
}

/** A number of nodes' metadata that is a quantity. */
export const quantities = fc.constantFrom<unknown>(
  '1.1',
  2,
  '1500m',
  '1e1',
  '0',
  '1Ki',
  '.5',
  '2.',
);

/** A port by name or number. */
export const ports = fc.constantFrom<unknown>(8080, 'web', '8080', 0, '', 'http-2');

export function whole(care: Care, minimum: number, maximum = 2 ** 40): fc.Arbitrary<number> {
  const fitting = [minimum, 0, 1, 80, 1000, maximum].filter((n) => n >= minimum && n <= maximum);
  return draw(care, fc.constantFrom(...fitting), fc.constantFrom(-1, minimum - 1, 0, 70_000));
}

/** A duration and one that is not longer, by mistake any two. */
export function intervalAndTimeout(care: Care): fc.Arbitrary<readonly [unknown, unknown]> {
  const fitting = fc.constantFrom<readonly [unknown, unknown]>(
    ['30s', '10s'],
    ['1m', '1m'],
    ['5m', undefined],
    [undefined, '1s'],
    ['1m30s', '90s'],
    ['15d', '100ms'],
  );
  const any = some(drawText({ mistakes: 30 }, poolOf(['interval'])), 80);
  return draw(care, fitting, fc.tuple(any, any));
}
