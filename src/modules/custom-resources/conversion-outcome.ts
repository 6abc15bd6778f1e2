import type { ScrapeConfig } from '../../plugin-api/index.js';
import type { ReferencedObject } from './referenced-values.js';

/** What a conversion came to. */
export type ConversionOutcome =
  /** What the resource refers to is being read. */
  | { readonly state: 'pending'; readonly references: readonly ReferencedObject[] }
  /** Nothing of it can be used. */
  | {
      readonly state: 'rejected';
      readonly reasons: readonly string[];
      /** A Secret or a ConfigMap that it refers to is not there. */
      readonly lacksReference: boolean;
      readonly references: readonly ReferencedObject[];
    }
  | {
      readonly state: 'converted';
      /** In the order in which the conversion gave them. */
      readonly jobs: readonly ConvertedJob[];
      readonly references: readonly ReferencedObject[];
    };

/** One job of a resource. */
export interface ConvertedJob {
  readonly name: string;
  /** `undefined`: this job must not be, although those beside it may. */
  readonly config: ScrapeConfig | undefined;
  /** Why it must not be. */
  readonly reason?: string;
}
