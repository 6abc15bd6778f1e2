import type { FilterRunner } from '../target/filter-runner.js';
import type { JobGroups } from './job-groups.js';
import type { JobRecords } from './job-records.js';

/** A job's targets, as far as it takes to tell who they are. */
export interface JobTargets {
  readonly name: string;
  readonly runner: FilterRunner;
  readonly groups: JobGroups;
  readonly records: JobRecords;
}
