import { Rejections } from './rejections.js';
import { type RelabelRule, relabelings } from './relabelings.js';
import { SpecValue } from './spec-value.js';

/**
 * What an administrator lays down for a class of resources.
 *
 * @see https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.ScrapeClass
 */
export interface ScrapeClass {
  readonly relabelings: readonly RelabelRule[];
  readonly metricRelabelings: readonly RelabelRule[];
  readonly tlsConfig?: SpecValue;
  readonly authorization?: SpecValue;
  /** As `attach_metadata` has it. */
  readonly attachMetadata?: { readonly node: boolean };
  readonly fallbackScrapeProtocol?: string;
}

const noClass: ScrapeClass = { relabelings: [], metricRelabelings: [] };

/** The scrape classes by name. That they are right was checked before, see `checkScrapeClasses`. */
export class ScrapeClasses {
  readonly #classes = new Map<string, ScrapeClass>();
  readonly #default: ScrapeClass = noClass;

  constructor(scrapeClasses: readonly unknown[]) {
    const list = SpecValue.root(scrapeClasses, 'scrapeClasses', new Rejections());
    for (const at of list.items()) {
      const scrapeClass = readClass(at);
      this.#classes.set(at.field('name').text() ?? '', scrapeClass);
      if (at.field('default').bool() === true) this.#default = scrapeClass;
    }
  }

  /** The class that a resource names, else the default one. Rejects a name that is not there. */
  of(at: SpecValue): ScrapeClass {
    const name = at.text() ?? '';
    const named = at.isPresent ? this.#classes.get(name) : undefined;
    if (named !== undefined) return named;
    if (name !== '') at.reject(`there is no scrape class ${JSON.stringify(name.slice(0, 120))}`);
    return this.#default;
  }
}

function readClass(at: SpecValue): ScrapeClass {
  const tlsConfig = at.field('tlsConfig');
  const authorization = at.field('authorization');
  const attachMetadata = at.field('attachMetadata');
  const fallbackScrapeProtocol = at.field('fallbackScrapeProtocol').text();
  return {
    relabelings: relabelings(at.field('relabelings')),
    metricRelabelings: relabelings(at.field('metricRelabelings')),
    ...(tlsConfig.isPresent ? { tlsConfig } : {}),
    ...(authorization.isPresent ? { authorization } : {}),
    ...(attachMetadata.isPresent
      ? { attachMetadata: { node: attachMetadata.field('node').bool() ?? false } }
      : {}),
    ...(fallbackScrapeProtocol === undefined ? {} : { fallbackScrapeProtocol }),
  };
}
