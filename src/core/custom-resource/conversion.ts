import type { Secret } from '../document/secret.js';
import type { ResourceObject } from './resource-object.js';

/** One value of a Secret or a ConfigMap. */
export interface ValueReference {
  readonly namespace: string;
  readonly name: string;
  readonly key: string;
}

/** What a conversion may ask of other objects. The host has the answer, or converts again when it has. */
export interface ResourceLookup {
  /** @throws MissingReferenceError when the Secret or its key is not there, or must not be read. */
  secret(reference: ValueReference): Secret;
  /** @throws MissingReferenceError when the ConfigMap or its key is not there, or must not be read. */
  configMap(reference: ValueReference): string;
}

/**
 * One job as it is written in a Prometheus document (`scrape_configs[]`), as plain data in which secrets are `Secret`s.
 * The host completes and checks it as it does with a job of the configuration file.
 */
export type ScrapeConfigDocument = Readonly<Record<string, unknown>> & {
  readonly job_name: string;
};

/** What a custom resource means. */
export interface Conversion {
  readonly configs: readonly ScrapeConfigDocument[];
  /**
   * Why the resource cannot be used: one sentence each, with the path of the field and its value. With any of them
   * nothing of the resource is taken, and its last good version stays.
   */
  readonly rejected: readonly string[];
}

/** A kind of custom resource that describes what to scrape. */
export interface CustomResource {
  /** `monitoring.coreos.com` */
  readonly group: string;
  /** `v1` */
  readonly version: string;
  /** `servicemonitors` */
  readonly plural: string;
  /** `ServiceMonitor` */
  readonly kind: string;
  /**
   * Says what the resource means. Pure: nothing but its arguments counts, and they are not changed. It may be called
   * several times for one version of a resource, while what it looks up is fetched. A thrown error rejects the resource.
   */
  convert(resource: ResourceObject, lookup: ResourceLookup): Conversion;
}

/** A Secret, a ConfigMap or a key in one that is not there, or that must not be read. Rejects the resource. */
export class MissingReferenceError extends Error {
  readonly code = 'TA_REFERENCE_MISSING';

  /** @param message What is missing and where it was looked for: `Secret shop/creds has no key "user"`. */
  constructor(message: string) {
    super(`TA_REFERENCE_MISSING: ${message}`);
    this.name = 'MissingReferenceError';
  }
}
