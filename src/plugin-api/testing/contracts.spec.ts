import { describe, expect, it } from 'vitest';
import type { CustomResource } from '../../core/custom-resource/conversion.js';
import type { ResourceObject } from '../../core/custom-resource/resource-object.js';
import type { ScrapeConfig } from '../../core/scrape-config/model.js';
import { defineFilter } from '../define.js';
import type { TargetFilter } from '../policy.js';
import type { Source } from '../source.js';
import { failuresOf } from './failures-of.js';
import { customResourceContract, FakeClock, filterContract, sourceContract } from './index.js';

const job: ScrapeConfig = {
  job_name: 'job',
  scrape_interval: '30s',
  scrape_timeout: '10s',
  metrics_path: '/metrics',
  scheme: 'http',
  follow_redirects: true,
  enable_http2: true,
};
const filterFailures = (make: () => TargetFilter) =>
  failuresOf((runner) => {
    const definition = defineFilter({ name: 'broken', stability: 'alpha', create: make });
    filterContract(runner, definition, undefined, { jobs: [job] });
  });

describe('the contract of filters', () => {
  it('is kept by one that drops every target without a label', async () => {
    const byLabel: TargetFilter = {
      prepare: () => (labels) => (labels['team'] === undefined ? undefined : labels),
    };
    expect(await filterFailures(() => byLabel)).toEqual([]);
  });

  it('is broken by one that remembers, and by one whose compiled form differs', async () => {
    const remembering = (): TargetFilter => {
      let asked = 0;
      return { prepare: () => (labels) => (asked++ < 100 ? labels : undefined) };
    };
    expect(await filterFailures(remembering)).toEqual([
      'does not remember what it was asked before',
    ]);
    const twoMinds: TargetFilter = {
      prepare: () => (labels) => labels,
      compile: () => ({ outputNames: [], run: () => false }),
    };
    expect(await filterFailures(() => twoMinds)).toEqual([
      'gives the same answers in its compiled form',
    ]);
  });
});

/** A source that tells of a list; the flags break it. */
function sourceFailures(broken: {
  readonly staysSilent?: boolean;
  readonly forgetsRemovals?: boolean;
  readonly talksOn?: boolean;
  readonly neverEnds?: boolean;
  readonly rejects?: boolean;
  readonly endsEarly?: boolean;
}): Promise<readonly string[]> {
  return failuresOf((runner) => {
    sourceContract<readonly string[]>(runner, {
      name: 'list',
      open: () => {
        const clock = new FakeClock();
        let items: readonly string[] = ['a', 'b'];
        const source: Source<readonly string[]> = {
          async run(emit, signal) {
            const first = items;
            while (broken.talksOn === true || !signal.aborted) {
              if (broken.staysSilent !== true)
                emit(broken.forgetsRemovals === true ? first : items);
              if (broken.endsEarly === true) return;
              await clock.sleep(1_000, broken.talksOn === true ? undefined : signal);
            }
            if (broken.neverEnds === true) await new Promise(() => undefined);
            if (broken.rejects === true) throw new RangeError('stopped');
          },
        };
        return {
          source,
          removeSomething: () => {
            items = ['a'];
          },
          proceed: () => clock.advance(500),
          pendingTimers: () => clock.pendingTimers,
        };
      },
      isComplete: (first) => first.length === 2,
      showsRemoval: (emissions) => emissions.at(-1)?.length === 1,
    });
  });
}

describe('the contract of sources', () => {
  it('is kept by one that says what is, until it is stopped', async () => {
    expect(await sourceFailures({})).toEqual([]);
  });

  it.each([
    ['says nothing', { staysSilent: true }, 'tells everything at first'],
    ['forgets removals', { forgetsRemovals: true }, 'shows what has gone'],
    ['talks on', { talksOn: true }, 'is silent after the signal, ends, and leaves no timer'],
    [
      'never ends',
      { neverEnds: true },
      'ends at once when it is stopped before its first emission',
    ],
    ['rejects when it is stopped', { rejects: true }, 'shows what has gone'],
    ['ends by itself', { endsEarly: true }, 'shows what has gone'],
  ])('is broken by one that %s', async (_what, broken, law) => {
    expect(await sourceFailures(broken)).toContain(law);
  });
});

const object = (name: string, spec: unknown): ResourceObject => ({
  apiVersion: 'example.org/v1',
  kind: 'Check',
  metadata: {
    namespace: 'shop',
    name,
    uid: name,
    resourceVersion: '1',
    labels: {},
    annotations: {},
  },
  spec,
});
const resourceFailures = (convert: CustomResource['convert']) =>
  failuresOf((runner) => {
    const names = { group: 'example.org', version: 'v1', plural: 'checks', kind: 'Check' };
    customResourceContract(
      runner,
      { ...names, convert },
      {
        good: [object('one', { url: 'http://one' }), object('two', { url: 'http://two' })],
        bad: [object('bad', {})],
        lookup: {
          secret: () => {
            throw new RangeError('no secrets here');
          },
          configMap: () => '',
        },
      },
    );
  });
const urlOf = (spec: unknown): unknown =>
  typeof spec === 'object' && spec !== null && 'url' in spec ? spec.url : undefined;

describe('the contract of custom resources', () => {
  it('is kept by a conversion that looks at its resource only', async () => {
    const failures = await resourceFailures(({ metadata, spec }) =>
      urlOf(spec) === undefined
        ? { configs: [], rejected: ['spec.url: missing'] }
        : { configs: [{ job_name: `check/${metadata.name}` }], rejected: [] },
    );
    expect(failures).toEqual([]);
  });

  it('is broken by equal job names, missing reasons and memories', async () => {
    const sameName = await resourceFailures(({ spec }) => ({
      configs: [{ job_name: 'check' }],
      rejected: urlOf(spec) === undefined ? ['spec.url: missing'] : [],
    }));
    expect(sameName).toEqual(['gives each job a name of its own']);
    const noReason = await resourceFailures(({ metadata }) => ({
      configs: [{ job_name: metadata.name }],
      rejected: [],
    }));
    expect(noReason).toEqual(['rejects each bad resource with a reason']);
    let calls = 0;
    const counting = await resourceFailures(({ metadata, spec }) => ({
      configs: [{ job_name: `${metadata.name}-${String(calls++)}` }],
      rejected: urlOf(spec) === undefined ? ['spec.url: missing'] : [],
    }));
    expect(counting).toContain('is pure: the same resource means the same, and is not changed');
  });
});
