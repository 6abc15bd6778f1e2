import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Cursor } from '../../src/core/document/cursor.js';
import { describeProblem } from '../../src/core/document/problem.js';
import { readDocument } from '../../src/core/document/read-document.js';
import {
  decodePrometheusConfig,
  refusedByCollector,
  renderScrapeConfig,
} from '../../src/core/scrape-config/index.js';
import type { ScrapeConfig } from '../../src/core/scrape-config/model.js';
import { documentsOfTexts, prometheusDocuments } from './config-arbitrary.js';
import { differences } from './config-differences.js';
import { describeWithOracle, type Oracle, seedOfRun } from './oracle.js';

/** What Prometheus and the Go allocator make of a document. */
interface GoAnswer {
  readonly refused: string;
  readonly masked?: unknown;
  readonly revealed?: unknown;
  readonly unrendered?: string;
}

const mechanisms = new Map([
  ['file', undefined],
  ['http', undefined],
  ['kubernetes', undefined],
]);
const documentsPerRun = Number(process.env['ORACLE_CONFIGS'] ?? 1500);

function ourAnswer(text: string): {
  readonly problems: readonly string[];
  readonly jobs: readonly ScrapeConfig[];
} {
  const at = Cursor.ofDocument(readDocument(text, { file: 'a.yaml' }), { strict: true });
  const { config, problems } = decodePrometheusConfig(at, { mechanisms });
  const errors = [...at.problems, ...problems].filter(({ severity }) => severity === 'error');
  return { problems: errors.map(describeProblem), jobs: config?.scrape_configs ?? [] };
}

function rendered(jobs: readonly ScrapeConfig[], secrets: 'mask' | 'reveal'): unknown {
  const parts = jobs.map(
    (job) => `${JSON.stringify(job.job_name)}:${renderScrapeConfig(job, { secrets })}`,
  );
  return JSON.parse(`{${parts.join(',')}}`);
}

async function compare(text: string, oracle: Oracle): Promise<void> {
  const [go] = await oracle.ask<GoAnswer>('config', [text]);
  const ours = ourAnswer(text);
  expect({ text, isTaken: ours.problems.length === 0, why: ours.problems }).toEqual({
    text,
    isTaken: go?.refused === '',
    why: go?.refused === '' ? [] : (expect.anything() as unknown),
  });
  if (go?.refused !== '') return;
  if (go.unrendered !== undefined) {
    expect(ours.jobs.some((job) => refusedByCollector(job) !== undefined)).toBe(true);
    return;
  }
  expect(rendered(ours.jobs, 'mask')).toEqual(go.masked);
  expect(rendered(ours.jobs, 'reveal')).toEqual(go.revealed);
}

describeWithOracle(
  'configurations are read and rendered as Prometheus and the Go allocator do',
  (oracle) => {
    it.each(differences)('agrees on what once differed: %s', async (_, text) => {
      await compare(text, oracle());
    });

    it(`agrees on ${String(documentsPerRun)} documents`, { timeout: 1_800_000 }, async () => {
      const seed = seedOfRun('configurations');
      const property = fc.asyncProperty(prometheusDocuments, (text) => compare(text, oracle()));
      await fc.assert(property, { seed, numRuns: documentsPerRun });
    });

    it(
      `agrees on ${String(documentsPerRun)} documents of texts`,
      { timeout: 600_000 },
      async () => {
        const seed = seedOfRun('texts');
        const property = fc.asyncProperty(documentsOfTexts, (text) => compare(text, oracle()));
        await fc.assert(property, { seed, numRuns: documentsPerRun });
      },
    );

    it('holds back exactly the jobs that a collector refuses', { timeout: 600_000 }, async () => {
      const seed = seedOfRun('refused jobs');
      const texts = fc.sample(prometheusDocuments, { seed, numRuns: documentsPerRun });
      // What JSON cannot say (.inf, .nan) has no served form that a collector could be asked about.
      const jobs = texts
        .flatMap((text) => ourAnswer(text).jobs)
        .filter((job) => refusedByCollector(job)?.includes('cannot be written as JSON') !== true);
      const served = jobs.map((job) => `{"a":${renderScrapeConfig(job, { secrets: 'reveal' })}}`);
      const refusals = await oracle().ask<string>('receiver', served);
      const unequal = jobs.flatMap((job, index) => {
        const ours = refusedByCollector(job);
        const theirs = refusals[index];
        return (ours === undefined) === (theirs === '')
          ? []
          : [{ served: served[index], ours, theirs }];
      });
      expect(unequal).toEqual([]);
    });
  },
);
