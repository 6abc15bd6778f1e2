import { type Collector, labelSetOf, type Target } from 'target-allocator/plugin-api';
import {
  fakeContext,
  type FakeContext,
  loadsOf,
  type Owners,
  placeTargets,
  sampleCollectors,
  sampleTargets,
  strategyContract,
} from 'target-allocator/testing';
import { describe, expect, it } from 'vitest';
import { optionsSchema, type ZoneAwareOptions } from './options.js';
import { zoneAware } from './zone-aware.js';

const defaults: ZoneAwareOptions = {
  target_label: '__meta_kubernetes_endpointslice_endpoint_zone',
  collector_label: 'topology.kubernetes.io/zone',
  max_skew: Infinity,
};

// Nine collectors in three zones, so that the zones can be equally loaded.
const laws = { movesAtMost: 0.2, collectors: sampleCollectors(9) };
strategyContract({ describe, it, expect }, zoneAware, defaults, {
  ...laws,
  sticky: true,
  skewAtMost: 1,
});
// With a bound it is not sticky: what had to leave its zone comes back when a collector joins.
strategyContract({ describe, it, expect }, zoneAware, { ...defaults, max_skew: 3 }, laws);

const collector = (name: string, zone?: string): Collector => ({
  name,
  labels: labelSetOf(zone === undefined ? [] : [[defaults.collector_label, zone]]),
});
const targetsIn = (zone: string, count: number): readonly Target[] =>
  Array.from({ length: count }, (_, index) => ({
    job: 'job',
    address: `${zone}-${String(index)}:80`,
    labels: labelSetOf(zone === '' ? [] : [[defaults.target_label, zone]]),
  }));
const spills = ({ meter }: FakeContext) => meter.series('spillover_total');

/** One allocator through time. */
function world(options: Partial<ZoneAwareOptions> = {}) {
  const context = fakeContext();
  const strategy = zoneAware.create({ ...defaults, ...options }, context);
  const place = (collectors: readonly Collector[], targets: readonly Target[], former?: Owners) =>
    placeTargets(strategy, collectors, targets, former);
  return { context, place };
}

describe('the strategy zone-aware', () => {
  it('gives every target to its own zone, and spreads it evenly there', () => {
    const { context, place } = world();
    const owners = place(sampleCollectors(9), sampleTargets(90));
    const zoneOf = new Map(
      sampleCollectors(9).map(({ name, labels }) => [name, labels?.[defaults.collector_label]]),
    );
    for (const [{ labels }, owner] of owners) {
      expect(zoneOf.get(owner ?? '')).toBe(labels[defaults.target_label]);
    }
    expect(new Set(loadsOf(owners, sampleCollectors(9)))).toEqual(new Set([10]));
    expect(spills(context)).toEqual({});
  });

  it('gives targets of a zone without collectors to the least loaded ones elsewhere, and counts that', () => {
    const { context, place } = world();
    const fleet = [collector('a', 'za'), collector('b', 'zb')];
    const owners = place(fleet, [...targetsIn('za', 4), ...targetsIn('zc', 2)]);
    expect(loadsOf(owners, fleet)).toEqual([4, 2]);
    expect(spills(context)).toEqual({ '{"zone":"zc","reason":"no_collector"}': 2 });
  });

  it('takes targets back home when their zone gets a collector', () => {
    const { place } = world();
    const fleet = [collector('a', 'za'), collector('b', 'zb')];
    const targets = targetsIn('zc', 6);
    const away = place(fleet, targets);
    const home = place([...fleet, collector('c', 'zc')], targets, away);
    expect(new Set(home.values())).toEqual(new Set(['c']));
  });

  it('lets no zone be further ahead than max_skew allows, and counts what went elsewhere', () => {
    const { context, place } = world({ max_skew: 5 });
    const fleet = [collector('a', 'za'), collector('b', 'zb')];
    const owners = place(fleet, targetsIn('za', 20));
    // Six go ahead, then they alternate.
    expect(loadsOf(owners, fleet)).toEqual([13, 7]);
    expect(spills(context)).toEqual({ '{"zone":"za","reason":"max_skew"}': 7 });
  });

  it('does not move what is at home when the skew grows past its bound', () => {
    const { context, place } = world({ max_skew: 1 });
    const targets = targetsIn('za', 10);
    const before = place([collector('a', 'za')], targets);
    const after = place([collector('a', 'za'), collector('b', 'zb')], targets, before);
    expect(new Set(after.values())).toEqual(new Set(['a']));
    expect(spills(context)).toEqual({});
  });

  it('does not move or count again what is away and has no room at home', () => {
    const { context, place } = world();
    const targets = targetsIn('zc', 4);
    const fleet = [collector('a', 'za'), collector('b', 'zb')];
    const before = place(fleet, targets);
    const after = place([...fleet, collector('c', 'za')], targets, before);
    expect([...after.values()]).toEqual([...before.values()]);
    expect(spills(context)).toEqual({ '{"zone":"zc","reason":"no_collector"}': 4 });
  });

  it('spreads targets without a zone over all collectors, also over those without one', () => {
    const { context, place } = world();
    const fleet = [collector('a', 'za'), collector('b')];
    expect(loadsOf(place(fleet, targetsIn('', 6)), fleet)).toEqual([3, 3]);
    expect(spills(context)).toEqual({});
  });

  it('reads the zone from the labels that the options name', () => {
    const { place } = world({ target_label: 'zone', collector_label: 'rack' });
    const fleet = ['a', 'b'].map((name) => ({ name, labels: labelSetOf([['rack', name]]) }));
    const target = { job: 'job', address: 'h:1', labels: labelSetOf([['zone', 'b']]) };
    expect([...place(fleet, [target]).values()]).toEqual(['b']);
  });
});

describe('the options', () => {
  const validate = optionsSchema['~standard'].validate;

  it.each([undefined, null, {}])('have defaults for %j', (written) => {
    expect(validate(written)).toEqual({ value: defaults });
  });

  it('are taken as they are written', () => {
    const written = { target_label: 'zone', collector_label: 'rack', max_skew: 0 };
    expect(validate(written)).toEqual({ value: written });
  });

  it.each([
    ['max_skew', { max_skew: -1 }],
    ['max_skew', { max_skew: Number.NaN }],
    ['max_skew', { max_skew: '3' }],
    ['target_label', { target_label: '' }],
    ['collector_label', { collector_label: 7 }],
    ['maxSkew', { maxSkew: 3 }],
  ])('are refused with the key %s that is wrong', (key, written) => {
    expect(validate(written)).toMatchObject({ issues: [{ path: [key] }] });
  });

  it('are refused when they are no mapping', () => {
    expect(validate([])).toMatchObject({ issues: [{ message: 'must be a mapping' }] });
  });
});
