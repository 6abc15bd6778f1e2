import type { KindStatus, ResourceStatus } from '../../custom-resources/index.js';
import type { ResourceFilter } from '../api/resource-list.js';
import { html, type Html, type HtmlValue } from './html.js';
import { layout } from './layout.js';
import { jobAnchor, withQuery } from './links.js';
import { pageOf, pager, searchForm, type Listing } from './paging.js';
import { table } from './table.js';

const path = '/debug/resources';
/** A resource may have thousands of jobs; the API lists them all. */
const mostJobs = 20;

export interface ResourcesListing extends Listing, ResourceFilter {}

export interface ResourcesOverview {
  readonly kinds: readonly KindStatus[];
  /** Those that the listing's kind, namespace and state select. */
  readonly resources: readonly ResourceStatus[];
  readonly notice: string | undefined;
}

/** The kinds of custom resources, and what became of each resource. */
export function resourcesPage(overview: ResourcesOverview, listing: ResourcesListing): Html {
  const { kind, namespace, state, q } = listing;
  const kept = { kind, namespace, state };
  const found =
    q === undefined
      ? overview.resources
      : overview.resources.filter((resource) => mentions(resource, q));
  const { rows, hasMore } = pageOf(found, listing);
  return layout({
    title: 'Custom Resources',
    notice: overview.notice,
    content: [
      kinds(overview.kinds),
      html`<h2>Resources</h2>`,
      searchForm(path, listing, kept),
      table(['Kind', 'Resource', 'State', 'Reason', 'Jobs'], rows.map(resourceRow)),
      pager(path, listing, hasMore, kept),
    ],
  });
}

/** Where the page shows one resource. */
export function resourceAnchor({ kind, metadata }: ResourceStatus['resource']): Html {
  const { namespace, name } = metadata;
  const to = withQuery(path, { kind, namespace, q: `${namespace}/${name}` });
  return html`<a href="${to}">${namespace}/${name}</a>`;
}

/** Where the page shows the resources of one state. */
export function resourcesInState(state: ResourceStatus['state'], text: string): Html {
  return html`<a href="${withQuery(path, { state })}">${text}</a>`;
}

function kinds(all: readonly KindStatus[]): Html {
  const columns = [
    'Kind',
    'State',
    { name: 'Seen', isNumber: true },
    { name: 'Selected', isNumber: true },
    'Detail',
  ];
  return table(
    columns,
    all.map(({ kind, state, seen, selected, message }) => [
      html`<a href="${withQuery(path, { kind })}">${kind}</a>`,
      stateOf(state, state === 'watching'),
      seen,
      selected,
      message,
    ]),
  );
}

function resourceRow({ resource, state, reasons, jobs }: ResourceStatus): readonly HtmlValue[] {
  return [
    resource.kind,
    resourceAnchor(resource),
    stateOf(state, state === 'accepted'),
    reasons.map((reason) => html`<div>${reason}</div>`),
    [
      jobs.slice(0, mostJobs).map((job) => html`<div>${jobAnchor(job)}</div>`),
      jobs.length > mostJobs ? html`<div>and ${jobs.length - mostJobs} more</div>` : undefined,
    ],
  ];
}

function stateOf(state: string, isGood: boolean): Html {
  return html`<span class="state ${isGood ? 'ok' : 'awaited'}">${state}</span>`;
}

function mentions({ resource, reasons, jobs }: ResourceStatus, q: string): boolean {
  const { namespace, name } = resource.metadata;
  const texts = [resource.kind, `${namespace}/${name}`, ...reasons, ...jobs];
  return texts.some((text) => text.includes(q));
}
