import type { Collector } from '../../core/allocation/collector.js';
import type { ScrapeConfig } from '../../core/scrape-config/model.js';
import type { TargetGroup } from '../../core/target/target-group.js';
import type { PluginContext } from '../context.js';
import type {
  CollectorsDefinition,
  Definition,
  DefinitionKind,
  DiscoveryDefinition,
  ScrapeConfigsDefinition,
} from '../define.js';
import type { Source } from '../source.js';
import type { ContractRunner } from './contract-runner.js';
import { fakeContext, type FakeContext } from './fake-context.js';
import { sourceContract, type SourceWorld } from './source-contract.js';

/** The surroundings of a source, fresh for each test. */
export interface DefinitionWorld<Config> {
  /** What its `configSchema` makes of a configuration; what `create` gets. */
  readonly config: Config;
  /** @default a plain `fakeContext()` */
  readonly context?: FakeContext & PluginContext;
  /** Takes something away that the source has told of; absent where nothing ever goes. */
  removeSomething?(): void | Promise<void>;
  /** Ends the world; called when the source has ended. */
  close?(): void | Promise<void>;
}

/** What a definition of a source is tried with. */
export interface DefinitionScenario<Config> {
  /** Called for each test. */
  open(): DefinitionWorld<Config> | Promise<DefinitionWorld<Config>>;
  /** What the source tells at first; see the contract for what is named. The order does not matter. */
  readonly tells: readonly string[];
  /** What there is after `removeSomething`. @default the same as `tells` */
  readonly tellsAfterRemoval?: readonly string[];
}

/**
 * Defines the tests that every discovery mechanism must pass. What it tells is the `__address__` of each target; groups
 * are folded as the host folds them.
 *
 * @example
 * discoveryContract({ describe, it }, inventory, {
 *   open: () => ({ config: { url: 'http://inventory' }, context: fakeContext(() => fakeHttpClient(answer)) }),
 *   tells: ['10.0.0.1:80', '10.0.0.2:80'],
 * });
 */
export function discoveryContract<Config>(
  runner: ContractRunner,
  definition: DiscoveryDefinition<Config>,
  scenario: DefinitionScenario<Config>,
): void {
  definitionContract<Config, readonly TargetGroup[]>(runner, definition, {
    ...scenario,
    toldBy: addressesOf,
  });
}

/** Defines the tests that every source of collectors must pass. What it tells is the name of each collector. */
export function collectorsContract<Config>(
  runner: ContractRunner,
  definition: CollectorsDefinition<Config>,
  scenario: DefinitionScenario<Config>,
): void {
  definitionContract<Config, readonly Collector[]>(runner, definition, {
    ...scenario,
    toldBy: (emissions) => (emissions.at(-1) ?? []).map(({ name }) => name),
  });
}

/** Defines the tests that every source of scrape configs must pass. What it tells is the `job_name` of each job. */
export function scrapeConfigsContract<Config>(
  runner: ContractRunner,
  definition: ScrapeConfigsDefinition<Config>,
  scenario: DefinitionScenario<Config>,
): void {
  definitionContract<Config, readonly ScrapeConfig[]>(runner, definition, {
    ...scenario,
    toldBy: (emissions) => (emissions.at(-1) ?? []).map(({ job_name }) => job_name),
  });
}

interface ToldScenario<Config, T> extends DefinitionScenario<Config> {
  /** What all emissions so far come to. */
  readonly toldBy: (emissions: readonly T[]) => readonly string[];
}

function definitionContract<Config, T>(
  runner: ContractRunner,
  definition: Definition<DefinitionKind, Source<T>, Config>,
  scenario: ToldScenario<Config, T>,
): void {
  const { toldBy, tells, tellsAfterRemoval = tells } = scenario;
  sourceContract<T>(runner, {
    name: `${definition.kind}/${definition.name}`,
    open: async () => worldOf(definition, await scenario.open()),
    isComplete: (first) => isSame(toldBy([first]), tells),
    showsRemoval: (emissions) => isSame(toldBy(emissions), tellsAfterRemoval),
  });
}

function worldOf<Config, T>(
  definition: Definition<DefinitionKind, Source<T>, Config>,
  world: DefinitionWorld<Config>,
): SourceWorld<T> {
  const { config, context = fakeContext() } = world;
  const { clock } = context;
  return {
    source: definition.create(config, context),
    ...(world.removeSomething && { removeSomething: () => world.removeSomething?.() }),
    proceed: async () => {
      // On to the next timer, however far it is, and a moment for files and sockets.
      await clock.advance(clock.nextTimerInMs ?? 0);
      await aMoment();
    },
    pendingTimers: () => clock.pendingTimers,
    close: () => world.close?.(),
  };
}

function addressesOf(emissions: readonly (readonly TargetGroup[])[]): readonly string[] {
  const groups = new Map<string, TargetGroup>();
  for (const group of emissions.flat()) groups.set(group.source, group);
  return [...groups.values()].flatMap(({ labels, targets }) =>
    targets.map((target) => target['__address__'] ?? labels['__address__'] ?? ''),
  );
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.toSorted().join('\n') === other.toSorted().join('\n');
}

function aMoment(): Promise<void> {
  // eslint-disable-next-line no-restricted-syntax -- what the source waits for may be real: a file, a socket
  return new Promise((resolve) => setTimeout(resolve, 5));
}
