import { html, type Html } from './html.js';
import { withQuery } from './links.js';

export const ROWS_PER_PAGE = 200;

export interface Listing {
  /** What is searched for; `undefined`: everything is listed. */
  readonly q?: string | undefined;
  /** From 1. */
  readonly page: number;
}

/** The beginning of everything. */
export const firstPage: Listing = { page: 1 };

/** The rows of one page; reads no further than one row beyond it. */
export function pageOf<T>(
  items: Iterable<T>,
  { page }: Listing,
): { readonly rows: readonly T[]; readonly hasMore: boolean } {
  const first = (page - 1) * ROWS_PER_PAGE;
  const rows: T[] = [];
  let index = 0;
  for (const item of items) {
    if (rows.length === ROWS_PER_PAGE) return { rows, hasMore: true };
    if (index++ >= first) rows.push(item);
  }
  return { rows, hasMore: false };
}

/** The search field of a listing; other parameters of the page go along. */
export function searchForm(
  path: string,
  listing: Listing,
  others: Readonly<Record<string, string | undefined>> = {},
): Html {
  const kept = Object.entries(others).map(([name, value]) =>
    value === undefined ? undefined : html`<input type="hidden" name="${name}" value="${value}" />`,
  );
  return html`<form class="search" method="get" action="${path}" role="search">
    ${kept}
    <input type="search" name="q" value="${listing.q}" aria-label="Search" placeholder="Search" />
    <button type="submit">Search</button>
  </form>`;
}

/** Links to the pages before and after. */
export function pager(
  path: string,
  listing: Listing,
  hasMore: boolean,
  others: Readonly<Record<string, string | undefined>> = {},
): Html | undefined {
  const { page, q } = listing;
  if (page === 1 && !hasMore) return undefined;
  const to = (n: number): string => withQuery(path, { ...others, q, page: n });
  return html`<nav class="pager" aria-label="Pages">
    ${page > 1 ? html`<a rel="prev" href="${to(page - 1)}">← Previous</a>` : undefined}
    <span>Page ${page}</span>
    ${hasMore ? html`<a rel="next" href="${to(page + 1)}">Next →</a>` : undefined}
  </nav>`;
}
