import { describe, expect, it } from 'vitest';

import { nodeVersionProblem } from './node-version.js';

describe('nodeVersionProblem', () => {
  it.each(['20.19.0', '20.20.2', '22.0.0', '24.1.0'])('has nothing against %s', (version) => {
    expect(nodeVersionProblem(version)).toBeUndefined();
  });

  it.each(['20.18.3', '18.20.0', ''])('names what is wrong with %j', (version) => {
    expect(nodeVersionProblem(version)).toContain('needs Node 20.19');
  });
});
