import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  decodeScrapeConfig,
  defaultGlobalConfig,
  refusedByCollector,
} from '../../../src/core/scrape-config/index.js';
import type { Conversion, CustomResource, ResourceObject } from '../../../src/plugin-api/index.js';
import { resourcesOf } from '../../oracle/custom-resource-arbitrary.js';
import { drawnKind, kinds } from '../../oracle/custom-resource-cases.js';
import { plain } from '../../oracle/custom-resource-comparison.js';
import { customResources, lookupIn } from '../../oracle/custom-resource-conversion.js';
import { type World, worldOf } from '../../oracle/custom-resource-world.js';
import { describeWithOracle, seedOfRun } from '../../oracle/oracle.js';
import { mutated } from './fuzz-mutations.js';

const namespace = 'shop';
const resourcesPerKind = Number(process.env['FUZZ_RESOURCES'] ?? 10_000) / kinds.length;
const policy = { scrapeInterval: '30s', evaluationInterval: '30s' };
const mechanisms = new Map([
  ['file', undefined],
  ['http', undefined],
  ['kubernetes', undefined],
]);
/** Of a resource that breaks something. */
const longestShown = 2_000;

/** Whoever writes into it throws. The stack of an object that is nested too deep is not used up. */
function frozen<T>(value: T): T {
  const waiting: unknown[] = [value];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next !== 'object' || next === null || Object.isFrozen(next)) continue;
    Object.freeze(next);
    waiting.push(
      ...Object.values(next).filter((item) => typeof item === 'object' && item !== null),
    );
  }
  return value;
}

function resourceOf(kind: string, apiVersion: string, spec: unknown): ResourceObject {
  const metadata = { namespace, name: 'web', uid: 'u', resourceVersion: '1' };
  return { apiVersion, kind, metadata: { ...metadata, labels: {}, annotations: {} }, spec };
}

/** What the host does with a conversion: reads each job and asks whether collectors take it. */
function readJobs({ configs }: Conversion): void {
  for (const document of configs.slice(0, 20)) {
    const { config } = decodeScrapeConfig(document, defaultGlobalConfig, {
      mechanisms,
      origin: 'the job',
      unknownMechanisms: 'keep',
    });
    if (config !== undefined) refusedByCollector(config);
  }
}

function expectOrderly(conversion: Conversion): void {
  const { configs, rejected } = conversion;
  expect(rejected.length === 0 || configs.length === 0).toBe(true);
  expect(rejected).not.toContain('');
  expect(configs.every(({ job_name }) => typeof job_name === 'string')).toBe(true);
}

function convertedAnew(kind: CustomResource, resource: ResourceObject, world: World): string {
  return JSON.stringify(plain(kind.convert(resource, lookupIn(world))));
}

// The definitions of the kinds come with the module that the oracle is built of.
describeWithOracle('mutated custom resources', () => {
  it.each(kinds)(
    `of the kind %s, ${String(resourcesPerKind)} of them, neither throw nor change anything else`,
    { timeout: 1_800_000 },
    async (name, plural) => {
      const seed = seedOfRun(`mutated ${name}`);
      const drawn = await drawnKind(name, plural);
      const kind = customResources(policy).get(name);
      if (kind === undefined) throw new Error(`no plugin watches the kind ${name}`);
      const [world] = fc.sample(worldOf(namespace), { seed, numRuns: 1 });
      if (world === undefined) throw new Error('no world was drawn');
      const specs = resourcesOf(drawn, namespace, { mistakes: 0 }).map(({ spec }) => spec);
      const [bystander] = fc
        .sample(resourcesOf(drawn, namespace, { mistakes: 0 }), { seed, numRuns: 50 })
        .filter((resource) => kind.convert(resource, lookupIn(world)).configs.length > 0);
      if (bystander === undefined) throw new Error('no resource was drawn that is taken');
      const before = convertedAnew(kind, bystander, world);
      let taken = 0;
      const property = fc.property(mutated(specs), (spec) => {
        const resource = frozen(resourceOf(name, drawn.apiVersion, spec));
        const conversion = kind.convert(resource, lookupIn(world));
        expectOrderly(conversion);
        taken += Math.sign(conversion.configs.length);
        readJobs(conversion);
        expect(convertedAnew(kind, bystander, world)).toBe(before);
      });
      const { failed, counterexample, errorInstance } = fc.check(property, {
        seed,
        numRuns: resourcesPerKind,
      });
      // Not by fast-check's own report, which would print a mebibyte.
      const shown = failed ? JSON.stringify(counterexample).slice(0, longestShown) : '';
      if (failed) throw new Error(`broken by ${shown}`, { cause: errorInstance });
      // Many a mutation does no harm, and what nobody takes at all would prove little.
      expect(taken).toBeGreaterThan(resourcesPerKind / 50);
      expect(taken).toBeLessThan(resourcesPerKind);
      console.info(`taken: ${String(taken)} of ${String(resourcesPerKind)}`);
    },
  );
});
