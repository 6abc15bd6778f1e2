/** A kept file cannot be used. The message says why, as the end of a sentence. */
export class KeptFileRefusedError extends Error {
  readonly code = 'TA_KEPT_FILE_REFUSED';
}

/** Another process keeps its state in the directory: it is theirs to read and to write. */
export class StateDirectoryInUseError extends Error {
  readonly code = 'TA_STATE_DIRECTORY_IN_USE';

  constructor(path: string) {
    super(`${path} is in use by another process; give each allocator a directory of its own`);
  }
}
