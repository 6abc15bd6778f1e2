import type { AllocationStrategy, TargetFilter } from './policy.js';
import type { CollectorSource, ScrapeConfigSource, ServiceDiscovery } from './source.js';
import type { PluginContext } from './context.js';
import type { StandardSchema } from './standard-schema.js';

/** What can be plugged in. */
export const definitionKinds = [
  'strategy',
  'filter',
  'discovery',
  'collectors',
  'scrape-configs',
] as const;
/** What a definition is: where it fits in. */
export type DefinitionKind = (typeof definitionKinds)[number];
/** How much of a definition may still change. */
export type Stability = 'alpha' | 'beta' | 'stable';

/** One pluggable thing: a name within its kind, and how to make it. */
export interface Definition<Kind extends DefinitionKind, Made, Config = unknown> {
  readonly kind: Kind;
  /** Unique within the kind. For discovery it is the mechanism: `http` provides `http_sd_configs`. */
  readonly name: string;
  readonly stability: Stability;
  /** Checks and completes the configuration. Without it `create` gets the configuration as it is. */
  readonly configSchema?: StandardSchema<Config>;
  create(config: Config, context: PluginContext): Made;
}
/** Decides which collector gets which target; see {@link defineStrategy}. */
export type StrategyDefinition<C = unknown> = Definition<'strategy', AllocationStrategy, C>;
/** Decides which targets are kept; see {@link defineFilter}. */
export type FilterDefinition<C = unknown> = Definition<'filter', TargetFilter, C>;
/** Finds targets; see {@link defineServiceDiscovery}. */
export type DiscoveryDefinition<C = unknown> = Definition<'discovery', ServiceDiscovery, C>;
/** Finds collectors; see {@link defineCollectorSource}. */
export type CollectorsDefinition<C = unknown> = Definition<'collectors', CollectorSource, C>;
/** Finds jobs; see {@link defineScrapeConfigSource}. */
export type ScrapeConfigsDefinition<C = unknown> = Definition<
  'scrape-configs',
  ScrapeConfigSource,
  C
>;
/** A definition as the host sees it: its configuration's type is known to itself alone. */
export interface AnyDefinitionOf<Kind extends DefinitionKind, Made> extends Omit<
  Definition<Kind, Made>,
  'create'
> {
  create(config: never, context: PluginContext): Made;
}
/** A definition of any kind, as the host sees it. */
export type AnyDefinition =
  | AnyDefinitionOf<'strategy', AllocationStrategy>
  | AnyDefinitionOf<'filter', TargetFilter>
  | AnyDefinitionOf<'discovery', ServiceDiscovery>
  | AnyDefinitionOf<'collectors', CollectorSource>
  | AnyDefinitionOf<'scrape-configs', ScrapeConfigSource>;

type WithoutKind<D> = Omit<D, 'kind'>;

/** Defines an allocation strategy. */
export function defineStrategy<C>(d: WithoutKind<StrategyDefinition<C>>): StrategyDefinition<C> {
  return { kind: 'strategy', ...d };
}
/** Defines a target filter. */
export function defineFilter<C>(d: WithoutKind<FilterDefinition<C>>): FilterDefinition<C> {
  return { kind: 'filter', ...d };
}
/** Defines a discovery mechanism; `name` is the mechanism: `http` for `http_sd_configs`. */
export function defineServiceDiscovery<C>(
  d: WithoutKind<DiscoveryDefinition<C>>,
): DiscoveryDefinition<C> {
  return { kind: 'discovery', ...d };
}
/** Defines where collectors come from. */
export function defineCollectorSource<C>(
  d: WithoutKind<CollectorsDefinition<C>>,
): CollectorsDefinition<C> {
  return { kind: 'collectors', ...d };
}
/** Defines a source of scrape configs, such as a custom resource. */
export function defineScrapeConfigSource<C>(
  d: WithoutKind<ScrapeConfigsDefinition<C>>,
): ScrapeConfigsDefinition<C> {
  return { kind: 'scrape-configs', ...d };
}

const brand = Symbol.for('target-allocator.plugin');

/** A package's definitions. */
export interface Plugin {
  readonly name: string;
  readonly provides: readonly AnyDefinition[];
  /**
   * A Nest module of its own: a class, or a dynamic module. Its controllers are served below `/plugins/<name>/`, its
   * providers may inject the {@link PLUGIN_CONTEXT}.
   */
  readonly nestModule?: object;
}

/** In the Nest module of a plugin: the token of its `PluginContext`. */
export const PLUGIN_CONTEXT = Symbol.for('target-allocator.plugin-context');

/** Marks a plugin, so that the host recognises it whichever copy of this package it was made with. */
export function definePlugin(plugin: Plugin): Plugin {
  return Object.freeze({ ...plugin, [brand]: true });
}

/** Whether a value was made by {@link definePlugin}. */
export function isPlugin(value: unknown): value is Plugin {
  return typeof value === 'object' && value !== null && brand in value;
}
