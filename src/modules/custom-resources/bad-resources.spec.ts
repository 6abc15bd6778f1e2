import { describe, expect, it } from 'vitest';
import { SourceBench } from './testing/source-bench.js';

describe('a bad resource', () => {
  it.each<[string, object, string]>([
    ['is rejected', { reject: 'spec.jobs[0]: bad' }, 'spec.jobs[0]: bad'],
    ['makes the conversion throw', { throw: 'oops' }, 'oops'],
    ['makes a job that no collector takes', { fields: { scrape_timeout: '10m' } }, 'timeout'],
    ['has a bad expression', { fields: { relabel_configs: [{ regex: '(' }] } }, 'regex'],
    ['has two jobs of one name', { jobs: ['twice', 'twice'] }, '"twice"'],
    ['has too many jobs', { jobs: Array.from({ length: 1_001 }, (_, i) => `j${i}`) }, '1001'],
    ['has a huge list', { jobs: Array.from({ length: 5_001 }, (_, i) => `j${i}`) }, 'spec.jobs'],
  ])('that %s harms no other, and its last good version stays', async (_, spec, reason) => {
    const bench = new SourceBench();
    bench.put('shop/bad', {});
    bench.put('shop/new-and-bad', spec);
    bench.put('shop/good', {});
    await bench.start();
    bench.put('shop/bad', spec);
    await bench.pass();
    expect(bench.jobs).toEqual(['thing/shop/bad', 'thing/shop/good']);
    const rejected = bench.statuses.list().filter(({ state }) => state === 'rejected');
    expect(rejected.map(({ jobs }) => jobs)).toEqual([['thing/shop/bad'], []]);
    expect(rejected[0]?.reasons.join()).toContain(reason);
  });

  it('is logged once for each change of the reason', async () => {
    const bench = new SourceBench();
    bench.put('shop/bad', { reject: 'first' });
    await bench.start();
    bench.put('shop/bad', { reject: 'first', jobs: [] });
    await bench.pass();
    bench.put('shop/bad', { reject: 'second' });
    await bench.pass();
    bench.put('shop/bad', {});
    await bench.pass();
    const lines = bench.logger.lines.filter(({ fields }) => fields['name'] === 'bad');
    expect(lines.map(({ level, fields }) => `${level} ${String(fields['reasons'])}`)).toEqual([
      'warn first',
      'warn second',
      'info undefined',
    ]);
  });

  it('fills no log with what its author wrote', async () => {
    const bench = new SourceBench();
    bench.put('shop/bad', { reject: 'x'.repeat(1_000_000) });
    await bench.start();
    expect(bench.warnings.join().length).toBeLessThan(1_000);
    expect(bench.statuses.list()[0]?.reasons.join().length).toBeLessThan(1_000);
  });

  it('that takes the job name of another waits until the name is free', async () => {
    const bench = new SourceBench();
    bench.put('shop/a', { jobs: ['the job'] });
    bench.put('shop/b', { jobs: ['the job'], fields: { metrics_path: '/b' } });
    await bench.start();
    expect(bench.jobs).toEqual(['the job']);
    expect(bench.statuses.list()[1]).toMatchObject({ state: 'rejected', jobs: [] });
    bench.delete('shop/a');
    await bench.pass();
    expect(bench.emissions.at(-1)?.map((config) => config.metrics_path)).toEqual(['/b']);
  });

  it('does not inherit from another of its name', async () => {
    const bench = new SourceBench();
    bench.put('shop/web', {});
    await bench.start();
    bench.kubernetes.put('things', {
      metadata: { namespace: 'shop', name: 'web', uid: 'another' },
      spec: { reject: 'bad' },
    });
    await bench.pass();
    expect(bench.jobs).toEqual([]);
  });

  it('outlives a crash of the source with its last good version', async () => {
    const bench = new SourceBench();
    bench.put('shop/web', {});
    await bench.start();
    bench.put('shop/web', { reject: 'bad' });
    bench.put('shop/api', {});
    bench.refuseEmissions = true;
    await bench.pass();
    await expect(bench.ended).rejects.toThrow('refused');
    bench.refuseEmissions = false;
    await bench.start();
    expect(bench.jobs).toEqual(['thing/shop/api', 'thing/shop/web']);
    expect(bench.statuses.list()).toHaveLength(2);
  });
});

describe('where files must not be named', () => {
  const withFile = { fields: { tls_config: { ca_file: '/etc/passwd' } } };

  it('leaves out the jobs that name one, and says why', async () => {
    const bench = new SourceBench();
    bench.prometheusCr.denyFsAccessThroughSms = true;
    bench.put('shop/bad', withFile);
    bench.put('shop/good', {});
    await bench.start();
    expect(bench.jobs).toEqual(['thing/shop/good']);
    expect(bench.statuses.list()[0]).toMatchObject({ state: 'rejected', jobs: [] });
    expect(bench.warnings.join()).toContain('tls_config.ca_file');
  });

  it('keeps the last version of a job that names one now', async () => {
    const bench = new SourceBench();
    bench.prometheusCr.denyFsAccessThroughSms = true;
    bench.put('shop/web', {});
    await bench.start();
    bench.put('shop/web', withFile);
    await bench.pass();
    expect(bench.emissions.at(-1)?.map(({ tls_config }) => tls_config)).toEqual([undefined]);
    expect(bench.statuses.list()[0]).toMatchObject({ state: 'rejected' });
  });

  it('lets them pass elsewhere', async () => {
    const bench = new SourceBench();
    bench.put('shop/bad', withFile);
    await bench.start();
    expect(bench.jobs).toEqual(['thing/shop/bad']);
  });
});
