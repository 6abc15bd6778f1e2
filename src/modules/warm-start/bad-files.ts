import type { Logger } from '../../plugin-api/index.js';

/** Of more bad files only the number is told. */
const MAX_TOLD = 10;

/** Tells of files that cannot be used, one line for each as long as there are few. */
export class BadFiles {
  readonly #logger: Logger;
  #count = 0;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** @returns `undefined` when the file cannot be read as what it should be. */
  async unlessBad<T>(file: string, read: () => Promise<T>): Promise<T | undefined> {
    try {
      return await read();
    } catch (error) {
      this.#count++;
      const reason = error instanceof Error ? error.message : String(error);
      if (this.#count <= MAX_TOLD) {
        this.#logger.warn('kept state is not used', { file, reason });
      }
      return undefined;
    }
  }

  /** To be called at the end. */
  report(): void {
    const untold = this.#count - MAX_TOLD;
    if (untold > 0) this.#logger.warn('more kept state is not used', { files: untold });
  }
}
