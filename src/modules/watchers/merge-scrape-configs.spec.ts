import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SortedMap } from '../../core/collections/sorted-map.js';
import type { ScrapeConfig } from '../../core/scrape-config/model.js';
import { mergeScrapeConfigs, type NextMerge } from './merge-scrape-configs.js';
import { SourceJobs } from './source-jobs.js';
import { naiveMerge, type NaiveMerge } from './testing/naive-merge.js';

const job = (job_name: string, scrape_interval = '1m'): ScrapeConfig => ({
  job_name,
  scrape_interval,
  scrape_timeout: '10s',
  metrics_path: '/metrics',
  scheme: 'http',
  follow_redirects: true,
  enable_http2: true,
});
const nothing: NextMerge = {
  configs: SortedMap.of(),
  heldBack: SortedMap.of(),
  changed: new Set(),
};
const refused = ({ scrape_interval }: ScrapeConfig): string | undefined =>
  scrape_interval === 'bad' ? 'timeout above interval' : undefined;

/** Sources whose lists a test sets, and the merge of them all. */
class Sources {
  readonly #sources = new Map<string, SourceJobs>();
  merged = nothing;

  set(source: string, ...configs: ScrapeConfig[]): this {
    const jobs = this.#sources.get(source) ?? new SourceJobs();
    this.#sources.set(source, jobs);
    return this.#merge(jobs.replace(configs));
  }

  remove(source: string): this {
    const touched = this.#sources.get(source)?.replace([]) ?? [];
    this.#sources.delete(source);
    return this.#merge(touched);
  }

  #merge(touched: Iterable<string>): this {
    this.merged = mergeScrapeConfigs(this.merged, { sources: this.#sources, touched, refused });
    return this;
  }
}

describe('merging the scrape configs of all sources', () => {
  it('keeps every job of every source, sorted by name', () => {
    const { merged } = new Sources().set('file', job('z'), job('a')).set('monitors', job('m'));
    expect([...merged.configs.keys()]).toEqual(['a', 'm', 'z']);
    expect(merged.heldBack.size).toBe(0);
  });

  it('tells which jobs are others than before', () => {
    const [a, b, c] = [job('a'), job('b'), job('c')];
    const sources = new Sources().set('monitors', a, b, c);
    expect(sources.merged.changed).toEqual(new Set(['a', 'b', 'c']));
    expect(sources.set('monitors', a, b, job('c')).merged.changed).toEqual(new Set(['c']));
    expect(sources.set('monitors', b, job('c', 'bad')).merged.changed).toEqual(new Set(['a']));
    expect(sources.set('file', job('d')).merged.changed).toEqual(new Set(['d']));
  });

  it('takes the job of the earlier source when two have one name, and says so', () => {
    const { merged } = new Sources()
      .set('file', job('same', '1m'))
      .set('monitors', job('same', '5m'));
    expect(merged.configs.get('same')?.scrape_interval).toBe('1m');
    expect(merged.heldBack.get('same')).toBe(
      'monitors has a job of this name too, and that of file counts',
    );
  });

  it('holds back a job that a collector would refuse, without touching its neighbours', () => {
    const { merged } = new Sources().set('file', job('good'), job('bad', 'bad'));
    expect([...merged.configs.keys()]).toEqual(['good']);
    expect(merged.heldBack.get('bad')).toBe('timeout above interval');
  });

  it('serves the last good version of a job whose new version is held back', () => {
    const former = job('job');
    const { merged } = new Sources().set('file', former).set('file', job('job', 'bad'));
    expect(merged.configs.get('job')).toBe(former);
    expect(merged.heldBack.has('job')).toBe(true);
  });

  it('forgets a held back job when its source does', () => {
    const { merged } = new Sources().set('file', job('bad', 'bad')).set('file');
    expect(merged.configs.size).toBe(0);
    expect(merged.heldBack.size).toBe(0);
  });

  it('comes to the same as a merge of everything, after any history', () => {
    const config = fc.record({
      name: fc.constantFrom('a', 'b', 'c', 'd', '__proto__'),
      version: fc.constantFrom('1m', '2m', 'bad'),
    });
    // Drawn from few, so that lists share objects as those of sources do.
    const drawn = new Map<string, ScrapeConfig>();
    const made = config.map(({ name, version }) => {
      const known = drawn.get(`${name} ${version}`) ?? job(name, version);
      drawn.set(`${name} ${version}`, known);
      return known;
    });
    const step = fc.record({
      source: fc.constantFrom('file', 'monitors', 'probes'),
      configs: fc.option(fc.array(made, { maxLength: 6 }), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (history) => {
        const sources = new Sources();
        const lists = new Map<string, readonly ScrapeConfig[]>();
        let naive: NaiveMerge = { configs: new Map(), heldBack: new Map() };
        for (const { source, configs } of history) {
          const former = naive.configs;
          if (configs === undefined) {
            lists.delete(source);
            sources.remove(source);
          } else {
            lists.set(source, configs);
            sources.set(source, ...configs);
          }
          naive = naiveMerge(lists, former, refused);
          const { merged } = sources;
          expect([...merged.configs]).toEqual([...naive.configs]);
          expect([...merged.heldBack]).toEqual([...naive.heldBack]);
          const names = new Set([...former.keys(), ...naive.configs.keys()]);
          const changed = [...names].filter((name) => former.get(name) !== naive.configs.get(name));
          expect([...merged.changed].sort()).toEqual(changed.sort());
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
