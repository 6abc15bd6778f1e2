import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

interface Ended {
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Whether Prometheus with all its mechanisms takes each of the documents, by `promtool check config`. Only what they say is
 * checked: files that they name need not exist here.
 */
export async function takenByPrometheus(
  promtool: string,
  documents: readonly string[],
): Promise<readonly { readonly isTaken: boolean; readonly said: string }[]> {
  const folder = await mkdtemp(join(tmpdir(), 'promtool-'));
  try {
    const files = documents.map((_, at) => join(folder, `${String(at)}.yml`));
    await Promise.all(files.map((file, at) => writeFile(file, documents[at] ?? '')));
    const { stdout, stderr } = await run(promtool, ['check', 'config', '--syntax-only', ...files], {
      maxBuffer: 1 << 28,
    }).catch((error: unknown) => error as Ended); // a refused document ends promtool with a status of its own
    return files.map((file) => ({
      isTaken: stdout.includes(` SUCCESS: ${file} is valid`),
      said: stderr,
    }));
  } finally {
    await rm(folder, { recursive: true });
  }
}
