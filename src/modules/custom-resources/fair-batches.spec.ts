import { describe, expect, it } from 'vitest';
import { SourceBench } from './testing/source-bench.js';

describe('a flood of resources in one namespace', () => {
  it('is converted in turn with those of other namespaces', async () => {
    const bench = new SourceBench();
    for (const name of ['1', '2', '3']) bench.put(`noisy/${name}`, {});
    bench.put('quiet/1', {});
    await bench.start();
    expect(bench.conversions).toEqual(['noisy/1', 'quiet/1', 'noisy/2', 'noisy/3']);
  });

  it('is whole in the first list, however long that takes', async () => {
    const bench = new SourceBench();
    bench.conversionMs = 100;
    for (let n = 0; n < 20; n += 1) bench.put(`noisy/${String(n)}`, {});
    await bench.start();
    await bench.pass(60_000);
    expect(bench.emissions.map((configs) => configs.length)).toEqual([20]);
  });

  it('is served bit by bit later, and the change of another namespace with the first of it', async () => {
    const bench = await new SourceBench().start();
    bench.conversionMs = 100;
    for (let n = 0; n < 20; n += 1) bench.put(`noisy/${String(n)}`, {});
    bench.put('quiet/1', {});
    await bench.pass(60_000);
    const [none, first] = bench.emissions;
    expect(none).toEqual([]);
    expect(first?.map((config) => config.job_name)).toContain('thing/quiet/1');
    expect(first?.length).toBeLessThan(10);
    expect(bench.jobs).toHaveLength(21);
    expect(bench.conversions).toHaveLength(21);
  });
});
