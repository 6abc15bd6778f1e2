import { Injectable } from '@nestjs/common';
import type { ScrapeConfig } from '../../../core/scrape-config/model.js';
import {
  quote,
  renderScrapeConfig,
  type RenderOptions,
} from '../../../core/scrape-config/render.js';
import { ServedState } from '../../allocation/index.js';
import { StaleAnswers } from '../../warm-start/index.js';
import type { ServedScrapeConfigs } from '../../watchers/index.js';
import { type Body, JSON_TYPE } from '../bodies/body.js';
import { EntityTags } from '../bodies/entity-tags.js';
import { NotKnownYetError } from '../http.errors.js';

type Secrets = RenderOptions['secrets'];

/**
 * The answers of `/scrape_configs`, put together once for each version of the configuration and way to show secrets, when
 * somebody asks. A job that stays the same object from one version to the next keeps its bytes, which are only copied.
 */
@Injectable()
export class ScrapeConfigBodies {
  readonly #made = new WeakMap<ServedScrapeConfigs, Map<Secrets, Body>>();
  readonly #entries = {
    mask: new WeakMap<ScrapeConfig, Buffer>(),
    reveal: new WeakMap<ScrapeConfig, Buffer>(),
  } as const satisfies Record<Secrets, WeakMap<ScrapeConfig, Buffer>>;

  constructor(
    private readonly state: ServedState,
    private readonly stale: StaleAnswers,
    private readonly tags: EntityTags,
  ) {}

  /** `{"<job>":{…},…}`. @throws NotKnownYetError */
  get(secrets: Secrets): Body {
    const served = this.state.scrapeConfigs;
    if (served === undefined) return this.#staleBody(secrets);
    const made = this.#made.get(served) ?? new Map<Secrets, Body>();
    this.#made.set(served, made);
    const body = made.get(secrets) ?? this.#bodyOf(served, secrets);
    made.set(secrets, body);
    return body;
  }

  #staleBody(secrets: Secrets): Body {
    const stale = this.stale.scrapeConfigs(secrets);
    if (stale === undefined) {
      throw new NotKnownYetError(this.state.whyUnknown() ?? 'the scrape configs are being read');
    }
    const tag = this.tags.of(stale.bytes, 'stale');
    return { bytes: stale.bytes, contentType: JSON_TYPE, tag, asOfMs: stale.asOfMs };
  }

  #bodyOf({ configs, version }: ServedScrapeConfigs, secrets: Secrets): Body {
    const parts: Buffer[] = [opening];
    for (const config of configs.values()) {
      if (parts.length > 1) parts.push(comma);
      parts.push(this.#entryOf(config, secrets));
    }
    parts.push(closing);
    const bytes = Buffer.concat(parts);
    const tag = this.tags.of(bytes, `c${String(version)}-${secrets}`);
    return { bytes, contentType: JSON_TYPE, tag };
  }

  /** `"<job>":{…}` */
  #entryOf(config: ScrapeConfig, secrets: Secrets): Buffer {
    const known = this.#entries[secrets].get(config);
    if (known !== undefined) return known;
    const text = `${quote(config.job_name)}:${renderScrapeConfig(config, { secrets })}`;
    const entry = Buffer.from(text);
    this.#entries[secrets].set(config, entry);
    return entry;
  }
}

const opening = Buffer.from('{');
const comma = Buffer.from(',');
const closing = Buffer.from('}');
