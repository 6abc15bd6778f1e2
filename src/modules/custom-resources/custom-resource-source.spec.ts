import { describe, expect, it } from 'vitest';
import { all, SourceBench } from './testing/source-bench.js';

const gold = { matchLabels: { tier: 'gold' }, matchExpressions: [] };
const password = { namespace: 'shop', name: 'creds', key: 'password' };

describe('a source of custom resources', () => {
  describe('at start', () => {
    it('says nothing until it knows everything', async () => {
      const bench = new SourceBench();
      bench.kubernetes.loseTouch();
      bench.put('shop/web', {});
      await bench.start();
      await bench.pass(100_000);
      expect(bench.emissions).toEqual([]);
      bench.kubernetes.reach();
      await bench.pass();
      expect(bench.jobs).toEqual(['thing/shop/web']);
    });

    it('knows that there are none when the server says so', async () => {
      const bench = await new SourceBench().start();
      expect(bench.jobs).toEqual([]);
      expect(bench.logger.lines.at(-1)?.message).toBe('0 of 0 Things: there are none');
    });

    it.each(['absent', 'forbidden'] as const)(
      'is not held up by a kind that is %s, and has it when it can be had',
      async (reason) => {
        const bench = new SourceBench();
        bench.put('shop/web', {});
        bench.kubernetes.fail('things', reason);
        await bench.start();
        expect(bench.jobs).toEqual([]);
        expect(bench.statuses.kinds()[0]).toMatchObject({ kind: 'Thing', state: reason });
        bench.kubernetes.fail('things', undefined);
        await bench.pass();
        expect(bench.jobs).toEqual(['thing/shop/web']);
        expect(bench.statuses.kinds()[0]).toMatchObject({ state: 'watching', selected: 1 });
      },
    );

    it('waits for the values that resources refer to, but not for ever', async () => {
      const bench = new SourceBench();
      bench.put('shop/web', { secret: 'creds' });
      bench.put('shop/other', {});
      await bench.start();
      expect(bench.emissions).toEqual([]);
      await bench.pass(30_000);
      expect(bench.jobs).toEqual(['thing/shop/other']);
      bench.values.set('Secret', password, 'x');
      await bench.pass();
      expect(bench.jobs).toEqual(['thing/shop/other', 'thing/shop/web']);
    });

    it('waits for nothing where no selector takes any, and tells how many there are when it knows', async () => {
      const bench = new SourceBench({ selector: undefined });
      bench.put('shop/web', {});
      bench.kubernetes.loseTouch();
      await bench.start();
      expect(bench.emissions).toEqual([[]]);
      expect(bench.statuses.kinds()).toEqual([]);
      bench.kubernetes.reach();
      await bench.pass();
      expect(bench.emissions).toEqual([[]]);
      expect(bench.statuses.kinds()).toMatchObject([{ kind: 'Thing', seen: 1, selected: 0 }]);
    });

    it('says how many it has seen and selected, and why none', async () => {
      const bench = new SourceBench({ selector: undefined });
      bench.put('shop/web', {});
      bench.put('shop/api', {});
      await bench.start();
      expect(bench.jobs).toEqual([]);
      expect(bench.logger.lines.map(({ message }) => message)).toEqual([
        '0 of 2 Things: selector is null',
      ]);
      expect(bench.statuses.kinds()).toEqual([
        { kind: 'Thing', state: 'watching', message: undefined, seen: 2, selected: 0 },
      ]);
    });
  });

  describe('selecting', () => {
    it('goes by the labels of the resource, as they change', async () => {
      const bench = new SourceBench({ selector: gold });
      bench.put('shop/web', {}, { tier: 'gold' });
      bench.put('shop/api', {}, { tier: 'tin' });
      await bench.start();
      expect(bench.jobs).toEqual(['thing/shop/web']);
      bench.put('shop/api', {}, { tier: 'gold' });
      bench.put('shop/web', {}, {});
      await bench.pass();
      expect(bench.jobs).toEqual(['thing/shop/api']);
      expect(bench.statuses.list().map(({ resource }) => resource.metadata.name)).toEqual(['api']);
    });

    it('goes by the labels of the namespace, as they change', async () => {
      const bench = new SourceBench({ namespaceSelector: gold });
      bench.namespace('shop', { tier: 'gold' });
      bench.namespace('play', {});
      bench.put('shop/web', {});
      bench.put('play/web', {});
      await bench.start();
      expect(bench.jobs).toEqual(['thing/shop/web']);
      bench.namespace('play', { tier: 'gold' });
      await bench.pass();
      expect(bench.jobs).toEqual(['thing/play/web', 'thing/shop/web']);
      bench.namespace('shop', {});
      await bench.pass();
      expect(bench.jobs).toEqual(['thing/play/web']);
      bench.kubernetes.delete('namespaces', 'play');
      await bench.pass();
      expect(bench.jobs).toEqual([]);
    });

    it('does not convert again for a label of the namespace that does not matter', async () => {
      const bench = new SourceBench({ namespaceSelector: gold });
      bench.namespace('shop', { tier: 'gold' });
      bench.put('shop/web', {});
      await bench.start();
      bench.namespace('shop', { tier: 'gold', more: 'yes' });
      await bench.pass();
      expect(bench.conversions).toEqual(['shop/web']);
    });

    it('asks for no more than it may see', async () => {
      const bench = new SourceBench({
        allowNamespaces: ['shop', 'play'],
        namespaceSelector: gold,
      });
      bench.namespace('shop', { tier: 'gold' });
      bench.put('shop/web', {});
      await bench.start();
      expect(bench.jobs).toEqual(['thing/shop/web']);
      expect(
        bench.kubernetes.requests.map(
          ({ plural, namespace, fieldSelector }) =>
            `${plural} ${namespace ?? '*'} ${fieldSelector ?? ''}`,
        ),
      ).toEqual([
        'namespaces * metadata.name=shop',
        'namespaces * metadata.name=play',
        'things shop ',
        'things play ',
      ]);
    });

    it('is not sent what is denied', async () => {
      const bench = new SourceBench({ denyNamespaces: ['play', 'dark'] });
      bench.put('play/web', {});
      bench.put('shop/web', {});
      await bench.start();
      expect(bench.jobs).toEqual(['thing/shop/web']);
      expect(bench.kubernetes.requests.map(({ fieldSelector }) => fieldSelector)).toEqual([
        'metadata.namespace!=dark,metadata.namespace!=play',
      ]);
    });

    it('looks into its own namespace only without a namespace selector', async () => {
      const bench = new SourceBench({ namespaceSelector: undefined });
      bench.put('observability/web', {});
      bench.put('shop/web', {});
      await bench.start();
      expect(bench.jobs).toEqual(['thing/observability/web']);
      expect(bench.kubernetes.requests).toHaveLength(1);
    });

    it('takes nothing of namespaces whose labels it must not know, and says so', async () => {
      const bench = new SourceBench({ namespaceSelector: gold });
      bench.put('shop/web', {});
      bench.kubernetes.fail('namespaces', 'forbidden');
      await bench.start();
      expect(bench.jobs).toEqual([]);
      expect(bench.warnings.join()).toContain('0 of 1 Things: namespaces forbidden');
    });
  });

  describe('when a resource changes', () => {
    it('converts that one alone, and keeps the jobs of others the same objects', async () => {
      const bench = new SourceBench();
      bench.put('shop/web', {});
      bench.put('shop/api', {});
      await bench.start();
      const [api, web] = bench.emissions.at(-1) ?? [];
      bench.put('shop/web', { fields: { metrics_path: '/other' } });
      await bench.pass();
      const [apiNow, webNow] = bench.emissions.at(-1) ?? [];
      expect(bench.conversions).toEqual(['shop/api', 'shop/web', 'shop/web']);
      expect(apiNow).toBe(api);
      expect(webNow).not.toBe(web);
      expect(webNow?.metrics_path).toBe('/other');
    });

    it('says nothing when its jobs stay what they were', async () => {
      const bench = new SourceBench();
      bench.put('shop/web', {});
      await bench.start();
      bench.put('shop/web', {}, { label: 'of no use' });
      await bench.pass();
      expect(bench.conversions).toHaveLength(2);
      expect(bench.emissions).toHaveLength(1);
    });

    it('gathers a burst', async () => {
      const bench = await new SourceBench().start();
      for (let i = 0; i < 500; i += 1) bench.put(`shop/web-${String(i)}`, {});
      await bench.pass();
      expect(bench.jobs).toHaveLength(500);
      expect(bench.emissions.length).toBeLessThan(4);
    });

    it('ends the jobs of a deleted one at once', async () => {
      const bench = new SourceBench();
      bench.put('shop/web', { secret: 'creds' });
      bench.values.set('Secret', password, 'x');
      await bench.start();
      bench.delete('shop/web');
      await bench.pass();
      expect(bench.jobs).toEqual([]);
      expect(bench.statuses.list()).toEqual([]);
      expect(bench.values.retained.size).toBe(0);
    });

    it('ends all jobs of a kind that was removed, once that is certain', async () => {
      const bench = new SourceBench();
      bench.put('shop/web', {});
      await bench.start();
      bench.kubernetes.fail('things', 'absent');
      await bench.pass(9_000);
      expect(bench.jobs).toEqual(['thing/shop/web']);
      await bench.pass(2_000);
      expect(bench.jobs).toEqual([]);
      bench.kubernetes.fail('things', undefined);
      await bench.pass();
      expect(bench.jobs).toEqual(['thing/shop/web']);
    });

    it('keeps the jobs of a kind that it must not read any more, or that is back in time', async () => {
      const bench = new SourceBench();
      bench.put('shop/web', {});
      await bench.start();
      bench.kubernetes.fail('things', 'absent');
      await bench.pass(5_000);
      bench.kubernetes.fail('things', 'forbidden');
      await bench.pass(100_000);
      expect(bench.jobs).toEqual(['thing/shop/web']);
      expect(bench.statuses.kinds()[0]).toMatchObject({ state: 'forbidden', selected: 1 });
    });
  });

  it('serves a mechanism that no plugin provides as it was generated', async () => {
    const bench = new SourceBench(all);
    bench.put('shop/web', { fields: { consul_sd_configs: [{ server: 'consul:8500' }] } });
    await bench.start();
    expect(bench.emissions.at(-1)?.[0]).toMatchObject({
      consul_sd_configs: [{ server: 'consul:8500' }],
    });
  });

  it('leaves nothing behind when it ends', async () => {
    const bench = new SourceBench();
    bench.put('shop/web', { secret: 'creds' });
    bench.values.set('Secret', password, 'x');
    await bench.start();
    await bench.stop();
    expect(bench.kubernetes.opened.size).toBe(0);
    expect(bench.values.retained.size).toBe(0);
    expect(bench.statuses.kinds()).toEqual([]);
    expect(bench.statuses.list()).toEqual([]);
    expect(bench.clock.pendingTimers).toBe(0);
  });
});
