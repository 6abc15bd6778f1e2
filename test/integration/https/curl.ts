import { execFile, spawnSync } from 'node:child_process';
import type { IssuedCertificate } from '../../fixtures/test-authority.js';

export const isCurlAvailable = spawnSync('curl', ['--version']).status === 0;
if (!isCurlAvailable) process.stderr.write('curl is not installed: its tests are skipped\n');

export interface CurlAnswer {
  /** 0: it has an answer with a status below 400. */
  readonly exitCode: number;
  readonly body: string;
  readonly errors: string;
}

interface CurlRequest {
  readonly url: string;
  /** The file of the authority that the server must be of. */
  readonly caFile: string;
  readonly client?: IssuedCertificate | undefined;
}

/** Asks as a person would. */
export function curl({ url, caFile, client }: CurlRequest): Promise<CurlAnswer> {
  const shown = client === undefined ? [] : ['--cert', client.certFile, '--key', client.keyFile];
  const args = ['--silent', '--show-error', '--fail', '--max-time', '20', '--noproxy', '*'];
  return new Promise((resolve) => {
    execFile('curl', [...args, '--cacert', caFile, ...shown, url], (error, body, errors) => {
      const exitCode = error === null ? 0 : Number(error.code ?? 1);
      resolve({ exitCode, body, errors });
    });
  });
}
