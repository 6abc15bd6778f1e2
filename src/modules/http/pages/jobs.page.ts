import type { AllocationView, JobSummary } from '../../../core/allocation/allocation-view.js';
import type { ResourceStatus } from '../../custom-resources/index.js';
import { html, type Html } from './html.js';
import { layout } from './layout.js';
import { collectorAnchor, jobAnchor } from './links.js';
import { pageOf, pager, searchForm, type Listing } from './paging.js';
import { resourceAnchor } from './resources.page.js';
import { table } from './table.js';
import { targetsTable } from './targets.page.js';

export interface JobsOverview {
  readonly view: AllocationView;
  /** Jobs that are not served, each with the reason. */
  readonly heldBack: ReadonlyMap<string, string>;
  readonly notice: string | undefined;
}

const number = (name: string): { readonly name: string; readonly isNumber: true } => ({
  name,
  isNumber: true,
});

/** All jobs with their counts, also those without targets. */
export function jobsPage({ view, heldBack, notice }: JobsOverview, listing: Listing): Html {
  const found = view.jobs().filter(({ job }) => job.includes(listing.q ?? ''));
  const { rows, hasMore } = pageOf(found, listing);
  const columns = [
    'Job',
    number('Target Count'),
    number('Unassigned'),
    number('Discovered'),
    number('Dropped'),
  ];
  return layout({
    title: 'Jobs',
    notice,
    content: [
      searchForm('/debug/jobs', listing),
      table(columns, rows.map(jobRow)),
      pager('/debug/jobs', listing, hasMore),
      heldBackJobs(heldBack),
    ],
  });
}

export interface JobOverview extends JobsOverview {
  /** The custom resource that the job was made of; `undefined`: none. */
  readonly source: ResourceStatus['resource'] | undefined;
}

/** One job: how it is spread, and its targets. */
export function jobPage(overview: JobOverview, job: string, listing: Listing): Html {
  const { view, heldBack, source } = overview;
  const spread = view.collectors.map(({ name }) => [
    collectorAnchor(name),
    view.targetsOfJob(name, job),
  ]);
  const reason = heldBack.get(job);
  return layout({
    title: `Job: ${job}`,
    notice: reason === undefined ? overview.notice : `Held back: ${reason}`,
    content: [
      source && html`<p>Made of the ${source.kind} ${resourceAnchor(source)}.</p>`,
      table(['Collector', number('Target Count')], spread),
      html`<h2>Targets</h2>`,
      targetsTable(view, '/debug/job', { ...listing, job }, { job_id: job }),
    ],
  });
}

/** Jobs that collectors would refuse, and so are not given to them. */
export function heldBackJobs(heldBack: ReadonlyMap<string, string>): Html | undefined {
  if (heldBack.size === 0) return undefined;
  return html`<h2>Held back</h2>
    <p>
      A collector would refuse these jobs, and with them every other new job, so they are not
      served.
    </p>
    ${table(['Job', 'Reason'], [...heldBack])}`;
}

function jobRow(summary: JobSummary): readonly (number | Html)[] {
  const { job, targets, unassigned, discovered, remaining } = summary;
  return [jobAnchor(job), targets, unassigned, discovered, discovered - remaining];
}
