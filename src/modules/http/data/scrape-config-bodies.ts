import { Injectable } from '@nestjs/common';
import {
  quote,
  renderScrapeConfig,
  type RenderOptions,
} from '../../../core/scrape-config/render.js';
import { ServedState } from '../../allocation/index.js';
import type { ServedScrapeConfigs } from '../../watchers/index.js';
import { type Body, JSON_TYPE } from '../bodies/body.js';
import { EntityTags } from '../bodies/entity-tags.js';
import { NotKnownYetError } from '../http.errors.js';

type Secrets = RenderOptions['secrets'];

/** The answers of `/scrape_configs`, rendered once for each version of the configuration and way to show secrets. */
@Injectable()
export class ScrapeConfigBodies {
  readonly #made = new WeakMap<ServedScrapeConfigs, Map<Secrets, Body>>();

  constructor(
    private readonly state: ServedState,
    private readonly tags: EntityTags,
  ) {}

  /** `{"<job>":{…},…}`. @throws NotKnownYetError */
  get(secrets: Secrets): Body {
    const served = this.state.scrapeConfigs;
    if (served === undefined) {
      throw new NotKnownYetError(this.state.whyUnknown() ?? 'the scrape configs are being read');
    }
    const made = this.#made.get(served) ?? new Map<Secrets, Body>();
    this.#made.set(served, made);
    const body = made.get(secrets) ?? this.#bodyOf(served, secrets);
    made.set(secrets, body);
    return body;
  }

  #bodyOf({ configs, version }: ServedScrapeConfigs, secrets: Secrets): Body {
    const entries = Array.from(
      configs,
      ([job, config]) => `${quote(job)}:${renderScrapeConfig(config, { secrets })}`,
    );
    const bytes = Buffer.from(`{${entries.join(',')}}`);
    const tag = this.tags.of(bytes, `c${String(version)}-${secrets}`);
    return { bytes, contentType: JSON_TYPE, tag };
  }
}
