/**
 * V8 optimizes a function after it has run 132 KiB of bytecode (`--interrupt-budget`), and puts up to 920 bytes of others
 * into it (`--max-inlined-bytecode-size-cumulative`). At 10,000 targets, most of what that costs never comes back: the
 * targets are placed before the optimized code is there. Twice the one and a third of the other take a fifth of the CPU
 * time of such a start, and nothing that can be measured of one with 400,000 targets (`docs/performance.md`).
 */
const flagsOfV8 = new Map([
  // Node 20. Later ones have Maglev between the two compilers, for which nothing was measured.
  ['11', ['--interrupt-budget=200000', '--max-inlined-bytecode-size-cumulative=300']],
]);

/**
 * The flags under which V8 compiles the program with an effort that fits it; none for a version for which there are no
 * figures.
 *
 * @param v8Version as in `process.versions.v8`, such as `11.3.244.8-node.33`
 */
export function compilerFlags(v8Version: string): readonly string[] {
  const [major = ''] = v8Version.split('.');
  return flagsOfV8.get(major) ?? [];
}
