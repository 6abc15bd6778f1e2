export { ContractError, type ContractRunner } from './contract-runner.js';
export { customResourceContract, type CustomResourceSamples } from './custom-resource-contract.js';
export {
  collectorsContract,
  type DefinitionScenario,
  type DefinitionWorld,
  discoveryContract,
  scrapeConfigsContract,
} from './definition-contracts.js';
export { FakeClock } from './fake-clock.js';
export {
  fakeContext,
  type FakeContext,
  type LoggedLine,
  RecordingLogger,
  RecordingMeter,
} from './fake-context.js';
export { fakeCustomResources } from './fake-custom-resources.js';
export { type FakeAnswer, fakeHttpClient } from './fake-http-client.js';
export { FakeCluster, type OpenedInformer, type RawObject } from './fake-cluster.js';
export { filterContract, type FilterSamples } from './filter-contract.js';
export { loadsOf, movedTargets, type Owners, placeTargets } from './placed-targets.js';
export { sampleCollectors, sampleTargets } from './sample-targets.js';
export { sourceContract, type SourceScenario, type SourceWorld } from './source-contract.js';
export { strategyContract, type StrategyLaws } from './strategy-contract.js';
