import { execFileSync } from 'node:child_process';

import { describe, expect, it } from 'vitest';

import { compilerFlags } from './compiler-effort.js';

describe('the flags for the compiler', () => {
  it('are known to the V8 that runs this', () => {
    const flags = compilerFlags(process.versions.v8);
    const options = execFileSync(process.execPath, ['--v8-options'], { encoding: 'utf8' });
    for (const flag of flags) {
      const [name = ''] = flag.split('=');
      expect(options).toContain(`  ${name} (`);
    }
  });

  it('double the budget of Node 20', () => {
    expect(compilerFlags('11.3.244.8-node.33')).toContain('--interrupt-budget=200000');
  });

  it('are none where nothing was measured', () => {
    expect(compilerFlags('12.4.254.21-node.33')).toEqual([]);
    expect(compilerFlags('')).toEqual([]);
  });
});
