import { readFile } from 'node:fs/promises';
import {
  defineCollectorSource,
  type Clock,
  type Collector,
  type CollectorSource,
  type Logger,
} from '../../../plugin-api/index.js';
import { schemaOf } from '../options-reader.js';
import { parseCollectorFile } from './collector-file.js';
import { followFile } from './follow-file.js';

export interface FileCollectorsOptions {
  /** YAML or JSON: a list of `{name, node?, labels?}`. */
  readonly path: string;
}

/** Collectors that a watched file lists; for fleets that something else than Kubernetes runs. */
export const fileCollectors = defineCollectorSource<FileCollectorsOptions>({
  name: 'file',
  stability: 'beta',
  configSchema: schemaOf((options) => {
    options.keys(['path']);
    return { path: options.field('path').requiredText() };
  }),
  create: ({ path }, { clock, logger }) => new CollectorFileSource(path, clock, logger),
});

class CollectorFileSource implements CollectorSource {
  readonly #path: string;
  readonly #clock: Clock;
  readonly #logger: Logger;

  constructor(path: string, clock: Clock, logger: Logger) {
    this.#path = path;
    this.#clock = clock;
    this.#logger = logger;
  }

  async run(emit: (value: readonly Collector[]) => void, signal: AbortSignal): Promise<void> {
    let formerText: string | undefined;
    let formerFailure: string | undefined;
    const look = async (): Promise<void> => {
      try {
        const text = await readFile(this.#path, 'utf8');
        if (text === formerText || signal.aborted) return;
        const collectors = parseCollectorFile(text);
        formerText = text;
        formerFailure = undefined;
        emit(collectors);
      } catch (error) {
        const failure = error instanceof Error ? error.message : String(error);
        // Once for each new reason; a later correct file is told by the collectors that change.
        if (failure !== formerFailure) {
          this.#logger.error('collector file is refused, its last good list stays', {
            path: this.#path,
            error: failure,
          });
        }
        formerFailure = failure;
      }
    };
    await followFile(this.#path, look, this.#clock, signal);
  }
}
