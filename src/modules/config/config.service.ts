import type { AllocatorConfig } from './allocator-config.js';

/** The configuration in force, and word of its changes. */
export abstract class ConfigService {
  /** The configuration in force. A reload replaces the object; it is never changed. */
  abstract readonly current: AllocatorConfig;
  /** Calls the listener after each reload that changed something; the answer unsubscribes. */
  abstract onChange(
    listener: (current: AllocatorConfig, former: AllocatorConfig) => void,
  ): () => void;
}
