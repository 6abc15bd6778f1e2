import type { AllocationView } from '../../../core/allocation/allocation-view.js';
import type { ResourceStatus } from '../../custom-resources/index.js';
import type { ServedScrapeConfigs } from '../../watchers/index.js';
import type { Readiness, SourceReadiness } from '../../health/index.js';
import { html, type Html } from './html.js';
import { layout } from './layout.js';
import { collectorAnchor, withQuery } from './links.js';
import { pageOf, pager, searchForm, type Listing } from './paging.js';
import { resourcesInState } from './resources.page.js';
import { properties, table } from './table.js';

export interface Overview {
  readonly view: AllocationView;
  readonly scrapeConfigs: ServedScrapeConfigs | undefined;
  readonly resources: readonly ResourceStatus[];
  readonly readiness: Readiness;
  readonly strategy: string;
  readonly notice: string | undefined;
}

/** What there is, how it is spread, and what is awaited. */
export function overviewPage(overview: Overview, listing: Listing): Html {
  return layout({
    title: 'Overview',
    notice: overview.notice,
    content: [
      html`<h2>Totals</h2>`,
      totals(overview),
      html`<h2>Collectors</h2>`,
      collectors(overview.view, listing),
      html`<h2>Sources</h2>`,
      table(['Source', 'State', 'Detail'], overview.readiness.sources.map(sourceRow)),
    ],
  });
}

function totals({ view, scrapeConfigs, resources, readiness, strategy }: Overview): Html {
  const jobs = view.jobs().filter((job) => job.targets > 0);
  const sum = (of: (job: (typeof jobs)[number]) => number): number =>
    jobs.reduce((total, job) => total + of(job), 0);
  const rejected = resources.filter(({ state }) => state === 'rejected').length;
  const unassigned = withQuery('/debug/targets', { unassigned: 'true' });
  return properties([
    [
      html`<a href="/scrape_configs">Scrape Configs</a>`,
      scrapeConfigs?.configs.size ?? 'not known',
    ],
    ['Held back', scrapeConfigs?.heldBack.size ?? 'not known'],
    [html`<a href="/debug/resources">Custom Resources</a>`, resources.length],
    [resourcesInState('rejected', 'Rejected'), rejected],
    [html`<a href="/debug/jobs">Jobs</a>`, jobs.length],
    [html`<a href="/debug/targets">Targets</a>`, sum((job) => job.targets)],
    [html`<a href="${unassigned}">Unassigned</a>`, sum((job) => job.unassigned)],
    ['Collectors', view.collectors.length],
    ['Strategy', strategy],
    ['Generation', view.generation],
    ['Ready', readiness.reason ?? 'yes'],
  ]);
}

function collectors(view: AllocationView, listing: Listing): Html {
  const jobs = view.jobs();
  const found = view.collectors.filter(({ name }) => name.includes(listing.q ?? ''));
  const { rows, hasMore } = pageOf(found, listing);
  const most = Math.max(1, ...rows.map(({ name }) => view.targetsPerCollector(name)));
  const cells = rows.map(({ name, node }) => {
    const targets = view.targetsPerCollector(name);
    const jobCount = jobs.filter(({ job }) => view.targetsOfJob(name, job) > 0).length;
    return [collectorAnchor(name), node, jobCount, targets, bar(targets, most)];
  });
  const columns = [
    'Collector',
    'Node',
    { name: 'Job Count', isNumber: true },
    { name: 'Target Count', isNumber: true },
    'Share',
  ];
  return html`${searchForm('/', listing)} ${table(columns, cells)} ${pager('/', listing, hasMore)}`;
}

function bar(value: number, most: number): Html {
  return html`<meter min="0" max="${most}" value="${value}">${value}</meter>`;
}

function sourceRow({ name, state, detail }: SourceReadiness): readonly (string | Html)[] {
  return [name, html`<span class="state ${state}">${state}</span>`, detail];
}
