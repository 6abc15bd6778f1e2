import type { AllocationView, TargetView } from '../../../core/allocation/allocation-view.js';
import { type TargetSelection, targetQueryOf } from '../target-query.js';
import { html, type Html } from './html.js';
import { layout } from './layout.js';
import { collectorAnchor, jobAnchor, targetAnchor } from './links.js';
import { pageOf, pager, searchForm, type Listing } from './paging.js';
import { table } from './table.js';

export interface TargetsListing extends Listing, TargetSelection {}

/** All targets, or those that are searched for. */
export function targetsPage(view: AllocationView, listing: TargetsListing, notice?: string): Html {
  return layout({
    title: 'Targets',
    notice,
    content: targetsTable(view, '/debug/targets', listing),
  });
}

/** A listing of targets as a part of a page at `path`, which understands the parameters of the listing. */
export function targetsTable(
  view: AllocationView,
  path: string,
  listing: TargetsListing,
  own: Readonly<Record<string, string>> = {},
): Html {
  const { q } = listing;
  const others = {
    job: listing.job,
    collector: listing.collector,
    unassigned: listing.unassigned === true ? 'true' : undefined,
  };
  const kept = Object.keys(own).length > 0 ? own : others;
  const all = view.targets(targetQueryOf(listing));
  const { rows, hasMore } = pageOf(q === undefined ? all : matching(all, q), listing);
  return html`${searchForm(path, listing, kept)}
  ${table(['Job', 'Target', 'Collector', 'Endpoint Slice'], rows.map(targetRow))}
  ${pager(path, listing, hasMore, kept)}`;
}

function* matching(targets: Iterable<TargetView>, q: string): Iterable<TargetView> {
  for (const target of targets) if (mentions(target, q)) yield target;
}

function mentions({ job, address, collector, labels }: TargetView, q: string): boolean {
  if (job.includes(q) || address.includes(q) || collector?.includes(q) === true) return true;
  return Object.values(labels).some((value) => value.includes(q));
}

function targetRow(target: TargetView): readonly (string | Html | undefined)[] {
  return [
    jobAnchor(target.job),
    targetAnchor(target),
    ownerOf(target),
    target.labels['__meta_kubernetes_endpointslice_name'],
  ];
}

export function ownerOf({ collector, reason }: TargetView): Html {
  if (collector !== undefined) return collectorAnchor(collector);
  return html`<span class="state awaited">unassigned</span> ${reason}`;
}
