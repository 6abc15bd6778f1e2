import type { AllocatorConfig } from './allocator-config.js';

/** How the last attempt to read the configuration went. */
export interface ReloadStatus {
  readonly isSuccessful: boolean;
  /** When a configuration was last read and accepted, in milliseconds since the Unix epoch. */
  readonly lastSuccessEpochMs: number;
}

/** The configuration in force, and word of its changes. */
export abstract class ConfigService {
  /** The configuration in force. A reload replaces the object; it is never changed. */
  abstract readonly current: AllocatorConfig;
  abstract readonly lastReload: ReloadStatus;
  /** Calls the listener after each reload that changed something; the answer unsubscribes. */
  abstract onChange(
    listener: (current: AllocatorConfig, former: AllocatorConfig) => void,
  ): () => void;
}
