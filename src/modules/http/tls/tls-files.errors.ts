/** A file of the HTTPS listener that cannot be used. The message never holds what the file does. */
export class TlsFileError extends Error {
  readonly code = 'TA_HTTPS_FILE_UNUSABLE';

  constructor(path: string, problem: string, cause?: unknown) {
    super(`TA_HTTPS_FILE_UNUSABLE: ${path}: ${problem}`, cause === undefined ? {} : { cause });
    this.name = 'TlsFileError';
  }
}
