import { expect, it } from 'vitest';
import { sanitizeLabelName } from './sanitize-label-name.js';

it.each([
  ['app.kubernetes.io/name', 'app_kubernetes_io_name'],
  ['a--b', 'a__b'],
  ['ä', '_'],
  ['x😀😀-y', 'x___y'],
  ['', ''],
])('makes %j the label name %j, with one underscore for each character', (name, sanitized) => {
  expect(sanitizeLabelName(name)).toBe(sanitized);
});
