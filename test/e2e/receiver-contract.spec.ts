import { describe, expect, it } from 'vitest';
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

const goodConfigs = answerJson(200, { known: job('known') });

/** A receiver, the allocator that it asks, and two targets. */
class Receiver {
  private constructor(
    readonly allocator: FakeAllocator,
    private readonly witness: ScrapeWitness,
    private readonly collector: Program,
  ) {}

  static async start(): Promise<Receiver> {
    const allocator = await FakeAllocator.start();
    const witness = await ScrapeWitness.start(2);
    const options = { name: 'collector-0', allocatorUrl: allocator.url, interval: '500ms' };
    const collector = await startOtelCollector({ program: otelcol ?? '', ...options });
    return new Receiver(allocator, witness, collector);
  }

  async stop(): Promise<void> {
    await this.collector.kill();
    await this.allocator.stop();
    await this.witness.stop();
  }

  // Target 1 belongs to a job that the receiver learns of later.
  readonly goodTargets: Answer = (response) => {
    const target = response.req.url?.startsWith('/jobs/new/') === true ? 1 : 0;
    answerJson(200, [{ targets: [this.witness.addresses[target]], labels: {} }])(response);
  };

  scrapedSince(atMs: number, target = 0): boolean {
    return this.witness.since(atMs).some((scrape) => scrape.target === target);
  }

  /** Starts from a receiver that scrapes, then changes the answers. */
  async afterChangeTo(answers: {
    readonly scrapeConfigs?: Answer;
    readonly targets?: Answer;
  }): Promise<void> {
    const good = { scrapeConfigs: goodConfigs, targets: this.goodTargets };
    this.allocator.answer(good);
    const begin = performance.now();
    await eventually('the target is scraped', () => this.scrapedSince(begin) || undefined);
    this.allocator.answer({ ...good, ...answers });
  }

  /** The receiver takes up to 5 s to act on new targets: twenty answers are more than that. */
  async expectStillScraped(asked: () => number, answers: number): Promise<void> {
    await eventually('the receiver asks on', () => asked() >= answers || undefined);
    const begin = performance.now();
    await eventually('it still scrapes', () => this.scrapedSince(begin) || undefined, {
      timeoutMs: 5_000,
    });
  }

  async expectNoLongerScraped(): Promise<void> {
    await eventually('no scrape for three intervals', () => {
      return !this.scrapedSince(performance.now() - 3_000) || undefined;
    });
  }
}

/** Lends a receiver of its own. */
async function withReceiver(use: (receiver: Receiver) => Promise<void>): Promise<void> {
  const receiver = await Receiver.start();
  try {
    await use(receiver);
  } finally {
    await receiver.stop();
  }
}

// Each case waits for its receiver, side by side with the others.
describe.skipIf(otelcol === undefined)(
  'the real receiver',
  { timeout: 90_000, concurrent: true },
  () => {
    it.each<[string, Answer]>([
      ['503 with text', answerText(503, 'not ready')],
      ['503 with a JSON error', answerJson(503, { statusCode: 503, message: 'not ready' })],
      ['a reset connection', answerReset],
      ['a truncated body', answerTruncated({ known: job('known') })],
    ])('keeps its jobs when /scrape_configs answers %s', (_, scrapeConfigs) =>
      withReceiver(async (receiver) => {
        await receiver.afterChangeTo({ scrapeConfigs });
        await receiver.expectStillScraped(() => receiver.allocator.asked.scrapeConfigs, 6);
      }),
    );

    it('keeps its jobs, but learns of no new one, when it refuses one job of /scrape_configs', () =>
      withReceiver(async (receiver) => {
        const refused = job('refused', { scrape_timeout: '2s' });
        const configs = { known: job('known'), new: job('new'), refused };
        await receiver.afterChangeTo({ scrapeConfigs: answerJson(200, configs) });
        const begin = performance.now();
        await receiver.expectStillScraped(() => receiver.allocator.asked.scrapeConfigs, 20);
        expect(receiver.scrapedSince(begin, 1)).toBe(false);

        receiver.allocator.answer({
          scrapeConfigs: answerJson(200, { known: job('known'), new: job('new') }),
          targets: receiver.goodTargets,
        });
        await eventually(
          'without it the new job is learned',
          () => receiver.scrapedSince(begin, 1) || undefined,
        );
      }));

    it.each<[string, Answer]>([
      ['503', answerText(503, 'not ready')],
      ['a reset connection', answerReset],
    ])('keeps its targets when /jobs/…/targets answers %s', (_, targets) =>
      withReceiver(async (receiver) => {
        await receiver.afterChangeTo({ targets });
        await receiver.expectStillScraped(() => receiver.allocator.asked.targets, 20);
      }),
    );

    it.each<[string, Answer]>([
      ['200 with an empty body', answerText(200, '')],
      ['200 with {}', answerJson(200, {})],
      ['503 with an empty body', answerText(503, '')],
      ['503 with {}', answerJson(503, {})],
    ])('drops all jobs when /scrape_configs answers %s', (_, scrapeConfigs) =>
      withReceiver(async (receiver) => {
        await receiver.afterChangeTo({ scrapeConfigs });
        await receiver.expectNoLongerScraped();
      }),
    );

    it('drops all targets when /jobs/…/targets answers 200 with []', () =>
      withReceiver(async (receiver) => {
        await receiver.afterChangeTo({ targets: answerJson(200, []) });
        await receiver.expectNoLongerScraped();
      }));
  },
);
