import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { realPart } from '../fixtures/real-parts/real-parts.js';
import { casesOf, drawnKind, kinds } from './custom-resource-cases.js';
import {
  type Case,
  Comparison,
  plain,
  questionOf,
  type Verdict,
} from './custom-resource-comparison.js';
import { conversionOf } from './custom-resource-conversion.js';
import { resourceDifferences } from './custom-resource-differences.js';
import { pemCases } from './custom-resource-pem.js';
import { textCases } from './custom-resource-texts.js';
import { describeWithOracle, seedOfRun } from './oracle.js';
import { takenByPrometheus } from './promtool.js';

const promtool = realPart('promtool');
const resourcesPerKind = Number(process.env['ORACLE_RESOURCES'] ?? 1000);

/** A whole document of the jobs that ours makes of a resource, secrets shown; `undefined` for a rejected one. */
function ourDocument({ resource, spec, world }: Case): string | undefined {
  const { configs, rejected } = conversionOf(resource, spec, world);
  return rejected.length > 0 ? undefined : JSON.stringify({ scrape_configs: configs.map(plain) });
}

describe.skipIf(promtool === undefined)('custom resources', () => {
  describeWithOracle(
    'become the jobs that prometheus-operator makes of them',
    (oracle) => {
      const check = async (documents: readonly string[]) =>
        takenByPrometheus(promtool ?? '', documents);
      const comparison = (): Comparison =>
        new Comparison(oracle('custom-resources'), oracle('.'), async (document) =>
          (await check([document])).every(({ isTaken }) => isTaken),
        );

      it.each(resourceDifferences)('agrees on what once differed: %s', async (_, asked) => {
        expect(await comparison().difference(asked)).toBeUndefined();
      });

      it.each(kinds)(
        `agrees on ${String(resourcesPerKind)} of the kind %s`,
        { timeout: 1_800_000 },
        async (kind, plural) => {
          const seed = seedOfRun(kind);
          const compared = comparison();
          const property = fc.asyncProperty(
            casesOf(await drawnKind(kind, plural)),
            async (asked) => {
              expect(await compared.difference(asked)).toBeUndefined();
            },
          );
          await fc.assert(property, { seed, numRuns: resourcesPerKind });
        },
      );

      it.each([
        ['texts', textCases],
        ['certificates and keys', pemCases],
      ])('agrees on single %s', { timeout: 1_800_000 }, async (name, cases) => {
        const seed = seedOfRun(name);
        const compared = comparison();
        const property = fc.asyncProperty(cases, async (asked) => {
          expect(await compared.difference(asked)).toBeUndefined();
        });
        await fc.assert(property, { seed, numRuns: resourcesPerKind });
      });

      it.each(kinds)(
        'makes of the kind %s what Prometheus takes, one by one and all together',
        { timeout: 600_000 },
        async (kind, plural) => {
          const seed = seedOfRun(`${kind} for promtool`);
          const cases = fc.sample(casesOf(await drawnKind(kind, plural)), {
            seed,
            numRuns: resourcesPerKind,
          });
          const verdicts = await oracle('custom-resources').ask<Verdict>(
            'custom_resource',
            cases.map(questionOf),
          );
          const pairs = cases.flatMap((asked, at) => {
            const ours = ourDocument(asked);
            const theirs = verdicts[at]?.document;
            return ours === undefined || theirs === undefined ? [] : [{ ours, theirs }];
          });
          const theirs = await check(pairs.map((pair) => pair.theirs));
          const ours = await check(pairs.map((pair) => pair.ours));
          const unequal = pairs.filter((_, at) => ours[at]?.isTaken !== theirs[at]?.isTaken);
          expect(unequal).toEqual([]);
          const taken = pairs.filter((_, at) => ours[at]?.isTaken);
          // Resources that say nothing, or that nobody takes, would agree, too.
          expect(taken.length).toBeGreaterThan(cases.length / 4);
          expect(verdicts.filter(({ accepted }) => !accepted).length).toBeGreaterThan(
            cases.length / 20,
          );
          const [together] = await check([oneDocument(taken.map((pair) => pair.ours))]);
          expect(together).toEqual({ isTaken: true, said: '' });
        },
      );
    },
    ['.', 'custom-resources'],
  );
});

/** All jobs in one document, each with a name of its own. */
function oneDocument(documents: readonly string[]): string {
  const jobs = documents.flatMap((document, of) =>
    (JSON.parse(document) as { scrape_configs: { job_name: string }[] }).scrape_configs.map(
      (job) => ({ ...job, job_name: `${String(of)}/${job.job_name}` }),
    ),
  );
  return JSON.stringify({ scrape_configs: jobs });
}
