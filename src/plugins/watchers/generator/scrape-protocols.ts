import { type DocumentFields, present } from './document-fields.js';
import type { ScrapeClass } from './scrape-class.js';
import type { SpecValue } from './spec-value.js';

/** `scrape_protocols` and `fallback_scrape_protocol` of a resource. */
export function protocolFields(at: SpecValue, scrapeClass: ScrapeClass): DocumentFields {
  const protocols = at.field('scrapeProtocols').texts();
  return present({
    scrape_protocols: protocols.length === 0 ? undefined : protocols,
    fallback_scrape_protocol:
      at.field('fallbackScrapeProtocol').text() ?? scrapeClass.fallbackScrapeProtocol,
  });
}
