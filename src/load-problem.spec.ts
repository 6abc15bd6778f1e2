import { expect, it } from 'vitest';
import { loadProblem } from './load-problem.js';

const failed = (code: string): Error => Object.assign(new Error(`${code}: open 'x.js'`), { code });

it.each([
  ['EMFILE', 'this process may open too few files (EMFILE); raise the limit'],
  ['ENFILE', 'this machine may open too few files (ENFILE); raise the limit'],
])('says what is short and what to do when modules cannot be opened: %s', (code, says) => {
  expect(loadProblem(failed(code))).toContain(says);
});

it.each([failed('ERR_MODULE_NOT_FOUND'), new Error('EMFILE'), 'EMFILE', undefined])(
  'leaves to Node what is no shortage: %s',
  (error) => {
    expect(loadProblem(error)).toBeUndefined();
  },
);
