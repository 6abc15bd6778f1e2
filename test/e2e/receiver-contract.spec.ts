import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../fixtures/eventually.js';
import { startOtelCollector } from '../fixtures/otel-collector.js';
import type { Program } from '../fixtures/program.js';
import { realPart } from '../fixtures/real-parts/real-parts.js';
import { ScrapeWitness } from '../fixtures/scrape-witness.js';
import {
  answerJson,
  answerReset,
  answerText,
  answerTruncated,
  FakeAllocator,
  type Answer,
} from './fake-allocator.js';

/**
 * What the real prometheusreceiver makes of answers that are not the usual ones. Our promises rest on these facts: an
 * answer that is an empty map, at any status, costs it every job; one that it cannot read costs it nothing.
 */
const otelcol = realPart('otelcol');

function job(name: string, settings: object = {}): object {
  return { job_name: name, scrape_interval: '1s', scrape_timeout: '1s', ...settings };
}

describe.skipIf(otelcol === undefined)('the real receiver', { timeout: 90_000 }, () => {
  let allocator: FakeAllocator;
  let witness: ScrapeWitness;
  let collector: Program;

  beforeAll(async () => {
    allocator = await FakeAllocator.start();
    witness = await ScrapeWitness.start(2);
    answerWell();
    collector = await startOtelCollector({
      program: otelcol ?? '',
      name: 'collector-0',
      allocatorUrl: allocator.url,
      interval: '500ms',
    });
  });

  afterAll(async () => {
    await collector.kill();
    await allocator.stop();
    await witness.stop();
  });

  const goodConfigs = answerJson(200, { known: job('known') });
  // Target 1 belongs to a job that the receiver learns of later.
  const goodTargets: Answer = (response) => {
    const target = response.req.url?.startsWith('/jobs/new/') === true ? 1 : 0;
    answerJson(200, [{ targets: [witness.addresses[target]], labels: {} }])(response);
  };

  function answerWell(): void {
    allocator.answer({ scrapeConfigs: goodConfigs, targets: goodTargets });
  }

  function scrapedSince(atMs: number, target = 0): boolean {
    return witness.since(atMs).some((scrape) => scrape.target === target);
  }

  /** Starts from a receiver that scrapes, then changes the answers. */
  async function afterChangeTo(answers: {
    readonly scrapeConfigs?: Answer;
    readonly targets?: Answer;
  }): Promise<void> {
    answerWell();
    const begin = performance.now();
    await eventually('the target is scraped', () => scrapedSince(begin) || undefined);
    allocator.answer({ scrapeConfigs: goodConfigs, targets: goodTargets, ...answers });
  }

  /** The receiver takes up to 5 s to act on new targets: twenty answers are more than that. */
  async function expectStillScraped(asked: () => number, answers: number): Promise<void> {
    await eventually('the receiver asks on', () => asked() >= answers || undefined);
    const begin = performance.now();
    await eventually('it still scrapes', () => scrapedSince(begin) || undefined, {
      timeoutMs: 5_000,
    });
  }

  async function expectNoLongerScraped(): Promise<void> {
    await eventually('no scrape for three intervals', () => {
      return !scrapedSince(performance.now() - 3_000) || undefined;
    });
  }

  it.each<[string, Answer]>([
    ['503 with text', answerText(503, 'not ready')],
    ['503 with a JSON error', answerJson(503, { statusCode: 503, message: 'not ready' })],
    ['a reset connection', answerReset],
    ['a truncated body', answerTruncated({ known: job('known') })],
  ])('keeps its jobs when /scrape_configs answers %s', async (_, scrapeConfigs) => {
    await afterChangeTo({ scrapeConfigs });
    await expectStillScraped(() => allocator.asked.scrapeConfigs, 6);
  });

  it('keeps its jobs, but learns of no new one, when it refuses one job of /scrape_configs', async () => {
    const refused = job('refused', { scrape_timeout: '2s' });
    const configs = { known: job('known'), new: job('new'), refused };
    await afterChangeTo({ scrapeConfigs: answerJson(200, configs) });
    const begin = performance.now();
    await expectStillScraped(() => allocator.asked.scrapeConfigs, 20);
    expect(scrapedSince(begin, 1)).toBe(false);

    allocator.answer({
      scrapeConfigs: answerJson(200, { known: job('known'), new: job('new') }),
      targets: goodTargets,
    });
    await eventually(
      'without it the new job is learned',
      () => scrapedSince(begin, 1) || undefined,
    );
  });

  it.each<[string, Answer]>([
    ['503', answerText(503, 'not ready')],
    ['a reset connection', answerReset],
  ])('keeps its targets when /jobs/…/targets answers %s', async (_, targets) => {
    await afterChangeTo({ targets });
    await expectStillScraped(() => allocator.asked.targets, 20);
  });

  it.each<[string, Answer]>([
    ['200 with an empty body', answerText(200, '')],
    ['200 with {}', answerJson(200, {})],
    ['503 with an empty body', answerText(503, '')],
    ['503 with {}', answerJson(503, {})],
  ])('drops all jobs when /scrape_configs answers %s', async (_, scrapeConfigs) => {
    await afterChangeTo({ scrapeConfigs });
    await expectNoLongerScraped();
  });

  it('drops all targets when /jobs/…/targets answers 200 with []', async () => {
    await afterChangeTo({ targets: answerJson(200, []) });
    await expectNoLongerScraped();
  });
});
