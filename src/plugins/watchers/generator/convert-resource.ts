import type {
  Conversion,
  ResourceLookup,
  ResourceObject,
  ScrapeConfigDocument,
  WatcherOptions,
} from '../../../plugin-api/index.js';
import type { DocumentFields } from './document-fields.js';
import { withGlobalDefaults } from './global-defaults.js';
import { References } from './references.js';
import { Rejections } from './rejections.js';
import { ScrapeClasses } from './scrape-class.js';
import { SpecValue } from './spec-value.js';

/** What an administrator lays down, made ready for many resources. */
export interface Policy extends Pick<WatcherOptions, 'spec' | 'kubeconfigFile'> {
  readonly scrapeClasses: ScrapeClasses;
}

/** The resource that is converted. */
export interface ResourceInput {
  readonly namespace: string;
  readonly name: string;
  readonly spec: SpecValue;
  readonly references: References;
}

/** A job before the defaults for all jobs are filled in. */
export type JobDocument = DocumentFields & { readonly job_name: string };

export function policyOf({ spec, kubeconfigFile }: WatcherOptions): Policy {
  return { spec, kubeconfigFile, scrapeClasses: new ScrapeClasses(spec.scrapeClasses) };
}

/**
 * Converts one resource as a whole: with anything wrong none of its jobs is made.
 *
 * @param jobsOf Makes the jobs as the operator writes them, and rejects by the values that it reads.
 */
export function convertResource(
  resource: ResourceObject,
  lookup: ResourceLookup,
  policy: Policy,
  jobsOf: (resource: ResourceInput) => readonly JobDocument[],
): Conversion {
  const { namespace, name } = resource.metadata;
  const rejections = new Rejections();
  const spec = SpecValue.root(resource.spec, 'spec', rejections);
  const references = new References(namespace, lookup);
  const jobs = jobsOf({ namespace, name, spec, references });
  if (!rejections.isEmpty) return { configs: [], rejected: rejections.reasons };
  return { configs: jobs.map((job) => completed(job, policy)), rejected: [] };
}

function completed(job: JobDocument, policy: Policy): ScrapeConfigDocument {
  return { ...withGlobalDefaults(job, policy.spec), job_name: job.job_name };
}
