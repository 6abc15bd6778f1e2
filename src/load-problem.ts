/**
 * Why the program could not be read, where its process lacks something; `undefined`: something else is wrong. Node reads
 * the modules of a program all at once, so that what was compiled needs many open files, and the bundle few.
 */
export function loadProblem(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code !== 'EMFILE' && code !== 'ENFILE') return undefined;
  const whose = code === 'EMFILE' ? 'this process' : 'this machine';
  return `TA_OPEN_FILES: target-allocator cannot be read: ${whose} may open too few files (${code}); raise the limit (ulimit -n, or LimitNOFILE of systemd), or make the bundle, which needs fewer (npm run build)`;
}
