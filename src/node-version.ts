/** The oldest Node that runs the allocator: `require(esm)` and the crypto of its dependencies. */
const oldest = [20, 19] as const;

/** Why this version of Node cannot run the allocator; `undefined`: it can. */
export function nodeVersionProblem(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) return undefined;
  return `target-allocator needs Node ${oldest.join('.')} or later, this is ${version}; install a newer one`;
}
