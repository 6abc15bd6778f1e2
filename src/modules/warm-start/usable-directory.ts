import type { Logger } from '../../plugin-api/index.js';
import type { StateDirectory } from './state-directory.js';
import { StateDirectoryInUseError } from './warm-start.errors.js';

/** `lost`: somebody else has it, so that it is left alone for good. */
type Condition = 'usable' | 'failing' | 'lost';

/** Whether the state directory can be used, told once for each change. The service goes on in any case. */
export class UsableDirectory {
  readonly #logger: Logger;
  #condition: Condition = 'usable';
  #reason: string | undefined;

  constructor(
    readonly directory: StateDirectory,
    logger: Logger,
  ) {
    this.#logger = logger;
  }

  get isUsable(): boolean {
    return this.#condition === 'usable';
  }

  get isLost(): boolean {
    return this.#condition === 'lost';
  }

  /** Claims the directory, anew when it has vanished. @returns Whether it is another one than before, or none. */
  async ensure(): Promise<'same' | 'new' | 'none'> {
    if (this.isLost) return 'none';
    if (await this.directory.isOwned()) return 'same';
    try {
      await this.directory.close();
      await this.directory.open();
      return 'new';
    } catch (error) {
      this.failed(error);
      return 'none';
    }
  }

  failed(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    const { path } = this.directory;
    if (error instanceof StateDirectoryInUseError) {
      this.#condition = 'lost';
      this.#logger.warn('state is neither read nor kept', { directory: path, reason });
      return;
    }
    // Names of temporary files differ each time; the kind of failure is what counts.
    const kind = error instanceof Error && 'code' in error ? String(error.code) : reason;
    if (this.#condition === 'failing' && this.#reason === kind) return;
    this.#condition = 'failing';
    this.#reason = kind;
    this.#logger.warn('state cannot be kept, the service goes on without', {
      directory: path,
      reason,
    });
  }

  worked(): void {
    if (this.#condition !== 'failing') return;
    this.#condition = 'usable';
    this.#reason = undefined;
    this.#logger.info('state is kept again', { directory: this.directory.path });
  }
}
