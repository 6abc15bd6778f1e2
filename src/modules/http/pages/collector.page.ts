import type { AllocationView } from '../../../core/allocation/allocation-view.js';
import type { Collector } from '../../../core/allocation/collector.js';
import { html, type Html } from './html.js';
import { layout } from './layout.js';
import type { Listing } from './paging.js';
import { properties } from './table.js';
import { targetsTable } from './targets.page.js';

/** One collector and its targets. */
export function collectorPage(view: AllocationView, collector: Collector, listing: Listing): Html {
  const { name, node } = collector;
  return layout({
    title: `Collector: ${name}`,
    content: [
      properties([
        ['Node', node],
        ['Targets', view.targetsPerCollector(name)],
      ]),
      html`<h2>Targets</h2>`,
      targetsTable(
        view,
        '/debug/collector',
        { ...listing, collector: name },
        { collector_id: name },
      ),
    ],
  });
}
