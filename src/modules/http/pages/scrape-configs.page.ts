import { renderScrapeConfig } from '../../../core/scrape-config/render.js';
import type { ServedScrapeConfigs } from '../../watchers/index.js';
import { html, type Html } from './html.js';
import { indentJson } from './indent-json.js';
import { heldBackJobs } from './jobs.page.js';
import { layout } from './layout.js';
import { jobAnchor } from './links.js';
import { pageOf, pager, searchForm, type Listing } from './paging.js';
import { table } from './table.js';

const path = '/debug/scrape_configs';

/** The jobs as collectors get them; secrets are masked here whatever the listener. */
export function scrapeConfigsPage(
  { configs, heldBack }: ServedScrapeConfigs,
  listing: Listing,
): Html {
  const found = [...configs].filter(([job]) => job.includes(listing.q ?? ''));
  const { rows, hasMore } = pageOf(found, listing);
  const cells = rows.map(([job, config]) => [
    jobAnchor(job),
    html`<pre>${indentJson(renderScrapeConfig(config, { secrets: 'mask' }))}</pre>`,
  ]);
  return layout({
    title: 'Scrape Configs',
    content: [
      heldBackJobs(heldBack),
      searchForm(path, listing),
      table(['Job', 'Scrape Config'], cells),
      pager(path, listing, hasMore),
    ],
  });
}
