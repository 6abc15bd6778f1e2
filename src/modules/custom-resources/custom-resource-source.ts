import { delayBeforeNextBatch, type Pace } from '../../core/pace/pace.js';
import {
  type CustomResource,
  type ResourceSelection,
  runInSlices,
  type ScrapeConfig,
  type ScrapeConfigSource,
} from '../../plugin-api/index.js';
import type { ConversionOutcome } from './conversion-outcome.js';
import { DirtyKeys } from './dirty-keys.js';
import type { CustomResourceTools } from './custom-resource-tools.js';
import { MissingReferences } from './missing-references.js';
import { objectKeyOf } from './referenced-values.js';
import { ResourceTable, type TableChange } from './resource-table.js';
import type { ServedResource } from './served-resource.js';
import { whyNoneSelected } from './why-none-selected.js';
import { WatchedResources } from './watched-resources.js';

/**
 * For so long the first list waits for values that resources refer to, in milliseconds: a list without them would end jobs
 * that collectors have. Within the start-up bound, so that one that cannot be read does not cost the whole kind.
 */
const longestWaitForValuesMs = 30_000;

/**
 * For so long resources are converted before what has become of them is served, in milliseconds: a flood of them must not
 * keep others waiting.
 */
const longestBatchMs = 500;
/** The pause after a batch is as long as its conversions: each is due once, so that waiting saves little of them. */
const conversionWeight = 1 / 5;

type Emit = (configs: readonly ScrapeConfig[]) => void;

/** Watches one kind of custom resources, converts what changes, and gives the jobs of all of them. */
export class CustomResourceSource implements ScrapeConfigSource {
  /** Outlives a crash, so that the last good versions do. */
  readonly #table = new ResourceTable();
  readonly #dirty = new DirtyKeys();
  readonly #missing: MissingReferences;
  /** Objects whose values changed since the conversion at hand began: it may have seen the former ones. */
  readonly #changedMeanwhile = new Set<string>();
  #hasEmitted = false;
  #isChanged = false;
  #isValuesBoundOver = false;

  constructor(
    private readonly resource: CustomResource,
    private readonly selection: ResourceSelection,
    private readonly tools: CustomResourceTools,
    /** The one that counts without a namespace selector. */
    private readonly ownNamespace: string,
  ) {
    this.#missing = new MissingReferences(tools.clock, (key) => {
      this.#apply(key, this.#table.endLastGood(key));
      this.#dirty.tell();
    });
  }

  async run(emit: Emit, signal: AbortSignal): Promise<void> {
    this.#hasEmitted = false;
    for (const [key, resource] of this.#table.entries()) {
      this.#retain(key, resource);
      this.tools.reports.changed(this.resource, undefined, resource);
    }
    const watched = this.#watch();
    const unsubscribe = this.tools.converter.values.onChange((objectKey) => {
      this.#changedMeanwhile.add(objectKey);
      this.#dirty.add(this.#table.usersOf(objectKey));
    });
    try {
      watched.open();
      await this.#follow(watched, emit, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      unsubscribe();
      watched.close();
      this.#missing.close();
      if (signal.aborted) this.#end();
    }
  }

  #watch(): WatchedResources {
    const watched = new WatchedResources(this.resource, this.selection, {
      kubernetes: this.tools.kubernetes,
      clock: this.tools.clock,
      ownNamespace: this.ownNamespace,
      onChange: (keys) => {
        this.#dirty.add(keys ?? [...this.#table.keys(), ...watched.keys()]);
      },
      onState: () => {
        this.#dirty.tell();
      },
    });
    return watched;
  }

  async #follow(watched: WatchedResources, emit: Emit, signal: AbortSignal): Promise<void> {
    const { clock } = this.tools;
    let pace: Pace = { lastEndMs: undefined, lastWorkMs: 0 };
    let cancelBound: (() => void) | undefined;
    try {
      while (!signal.aborted) {
        await this.#dirty.wait(signal);
        await clock.sleep(delayBeforeNextBatch(pace, clock.monotonicMs()), signal);
        const startMs = clock.monotonicMs();
        await runInSlices(this.#convertDirty(watched), clock, signal);
        const convertedMs = clock.monotonicMs();
        if (watched.isSelectionKnown) {
          cancelBound ??= this.#boundValues();
          this.#emitChanged(emit);
        }
        if (watched.isKnown) this.#reportKind(watched);
        const endMs = clock.monotonicMs();
        const conversionMs = (convertedMs - startMs) * conversionWeight;
        pace = { lastEndMs: endMs, lastWorkMs: endMs - convertedMs + conversionMs };
      }
    } finally {
      cancelBound?.();
    }
  }

  #boundValues(): () => void {
    return this.tools.clock.after(longestWaitForValuesMs, () => {
      this.#isValuesBoundOver = true;
      this.#dirty.tell();
    });
  }

  /** The first list has to be whole; what later ones leave for the next batch is served as it was. */
  *#convertDirty(watched: WatchedResources): Generator<undefined, void> {
    const { clock } = this.tools;
    const endMs = this.#hasEmitted ? clock.monotonicMs() + longestBatchMs : Infinity;
    const keys = this.#dirty.take();
    for (const [place, key] of keys.entries()) {
      yield;
      if (place > 0 && clock.monotonicMs() > endMs) {
        this.#dirty.add(keys.slice(place));
        return;
      }
      this.#changedMeanwhile.clear();
      const resource = watched.selected(key);
      const outcome = resource && (yield* this.tools.converter.convert(this.resource, resource));
      this.#missing.note(key, outcome);
      this.#apply(
        key,
        resource === undefined || outcome === undefined
          ? this.#table.delete(key)
          : this.#table.set(key, resource, outcome),
      );
      if (this.#isOutdated(outcome)) this.#dirty.add([key]);
    }
  }

  /** The table knows what a resource refers to only now, and could not say it when the change was told. */
  #isOutdated(outcome: ConversionOutcome | undefined): boolean {
    const references = outcome?.references ?? [];
    return references.some((object) => this.#changedMeanwhile.has(objectKeyOf(object)));
  }

  #apply(key: string, { former, current, freed }: TableChange): void {
    const { reports } = this.tools;
    if (former?.references !== current?.references) this.#retain(key, current);
    if (current !== undefined) reports.changed(this.resource, former, current);
    else if (former !== undefined) reports.gone(this.resource, former.metadata);
    if (configsOf(former) !== configsOf(current)) this.#isChanged = true;
    if (freed.length > 0) this.#dirty.add(freed);
  }

  #retain(key: string, resource: ServedResource | undefined): void {
    const owner = `${this.resource.kind}/${key}`;
    this.tools.converter.values.retain(owner, resource?.references ?? []);
  }

  #emitChanged(emit: Emit): void {
    if (this.#hasEmitted && !this.#isChanged) return;
    if (!this.#hasEmitted && this.#table.pending > 0 && !this.#isValuesBoundOver) return;
    this.#hasEmitted = true;
    this.#isChanged = false;
    emit(this.#table.configs());
  }

  #reportKind(watched: WatchedResources): void {
    const { failure } = watched;
    const counts = { ...watched.count(), selected: this.#table.size };
    this.tools.reports.kind(
      {
        kind: this.resource.kind,
        state: failure?.kind ?? 'watching',
        message: failure?.message,
        seen: counts.seen,
        selected: counts.selected,
      },
      whyNoneSelected(this.selection, counts, failure),
    );
  }

  #end(): void {
    for (const key of this.#table.keys()) this.#retain(key, undefined);
    this.tools.reports.ended(this.resource);
  }
}

const none: readonly ScrapeConfig[] = [];
const configsOf = (resource: ServedResource | undefined): readonly ScrapeConfig[] =>
  resource?.configs ?? none;
