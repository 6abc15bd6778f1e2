import fc from 'fast-check';
import { type Collector, labelSetOf, type Target } from 'target-allocator/plugin-api';
import {
  fakeContext,
  type Owners,
  placeTargets,
  sampleCollectors,
  sampleTargets,
  strategyContract,
} from 'target-allocator/testing';
import { describe, expect, it } from 'vitest';
import { optionsSchema, type WeightedOptions } from './options.js';
import { weighted } from './weighted.js';

const annotation = 'opentelemetry.io/target-allocation-weight';
const label = '__meta_kubernetes_pod_annotation_opentelemetry_io_target_allocation_weight';
const defaults: WeightedOptions = { annotation, default_weight: 1, job_weights: new Map() };

const target = (index: number, weight?: string, job = 'job'): Target => ({
  job,
  address: `10.0.0.${String(index)}:80`,
  labels: labelSetOf(weight === undefined ? [] : [[label, weight]]),
});
const collector = (name: string, capacity?: string): Collector => ({
  name,
  annotations: labelSetOf(capacity === undefined ? [] : [[annotation, capacity]]),
});
const heavyAndLight = sampleTargets(600).map((light, index) => ({
  ...light,
  labels: labelSetOf([[label, index % 7 === 0 ? '20' : '1']]),
}));

const laws = { sticky: true, movesAtMost: 0.15 };
strategyContract({ describe, it, expect }, weighted, defaults, { ...laws, skewAtMost: 1 });
strategyContract({ describe, it, expect }, weighted, defaults, { ...laws, targets: heavyAndLight });
strategyContract(
  { describe, it, expect },
  weighted,
  { ...defaults, job_weights: new Map([['job-0', 30]]) },
  laws,
);

/** One allocator through time. */
function world(options: Partial<WeightedOptions> = {}) {
  const context = fakeContext();
  const strategy = weighted.create({ ...defaults, ...options }, context);
  const place = (collectors: readonly Collector[], targets: readonly Target[], former?: Owners) =>
    placeTargets(strategy, collectors, targets, former);
  return { lines: context.logger.lines, place };
}

function weightsOf(owners: Owners, fleet: readonly Collector[]): readonly number[] {
  const weights = new Map(fleet.map(({ name }) => [name, 0]));
  for (const [{ labels }, owner = ''] of owners) {
    weights.set(owner, (weights.get(owner) ?? 0) + Number(labels[label] ?? 1));
  }
  return [...weights.values()];
}

describe('the strategy weighted', () => {
  it('lets one heavy target count as much as many light ones', () => {
    const fleet = [collector('a'), collector('b')];
    const targets = [target(0, '10'), ...Array.from({ length: 10 }, (_, i) => target(i + 1))];
    const owners = world().place(fleet, targets);
    expect([...owners.values()].filter((owner) => owner === 'a')).toHaveLength(1);
    expect(weightsOf(owners, fleet)).toEqual([10, 10]);
  });

  it('keeps the weights of any two collectors within the weight of one target', () => {
    const anyTargets = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 120 });
    fc.assert(
      fc.property(anyTargets, fc.integer({ min: 1, max: 8 }), (weights, count) => {
        const fleet = sampleCollectors(count);
        const targets = weights.map((weight, index) => target(index, String(weight)));
        const sums = weightsOf(world().place(fleet, targets), fleet);
        expect(Math.max(...sums) - Math.min(...sums)).toBeLessThanOrEqual(Math.max(...weights));
      }),
    );
  });

  it('gives a collector as much of everything as its own annotation says', () => {
    const fleet = [collector('large', '3'), collector('small')];
    const targets = Array.from({ length: 40 }, (_, index) => target(index));
    expect(weightsOf(world().place(fleet, targets), fleet)).toEqual([30, 10]);
  });

  it('takes the weight of the job where the pod says nothing', () => {
    const { place } = world({ job_weights: new Map([['heavy', 5]]), default_weight: 2 });
    const fleet = [collector('a'), collector('b')];
    const targets = [
      target(0, undefined, 'heavy'),
      target(1, undefined, 'light'),
      target(2, undefined, 'light'),
      target(3, '1', 'heavy'),
    ];
    expect([...place(fleet, targets).values()]).toEqual(['a', 'b', 'b', 'b']);
  });

  it('knows the weights of targets that were there before a collector joined', () => {
    const { place } = world();
    const fleet = [collector('a'), collector('b')];
    const first = [target(0, '50'), target(1, '50')];
    const before = place(fleet, first);
    const grown = [...fleet, collector('c')];
    const more = Array.from({ length: 50 }, (_, index) => target(index + 2));
    const after = place(grown, [...first, ...more], before);
    expect(weightsOf(after, grown)).toEqual([50, 50, 50]);
  });

  it('forgets the weight of what has gone', () => {
    const { place } = world();
    const fleet = [collector('a'), collector('b')];
    const light = [target(1, '1', 'light'), target(2, '1', 'light')];
    const before = place(fleet, [target(0, '90', 'heavy'), ...light]);
    const left = new Map([...before].filter(([{ job }]) => job === 'light'));
    const more = Array.from({ length: 4 }, (_, index) => target(index + 3, '1', 'light'));
    expect(weightsOf(place(fleet, [...light, ...more], left), fleet)).toEqual([3, 3]);
  });

  it.each(['0', '101', '-1', '1.5', '1e1', 'heavy', '0x10', ' 5'])(
    'takes %j for the default, and tells it once',
    (bad) => {
      const { lines, place } = world();
      const fleet = [collector('a'), collector('b')];
      place(fleet, [target(0, bad), target(1, bad), target(2)]);
      const owners = place(fleet, [target(0, bad), target(1), target(2), target(3)]);
      expect([...owners.values()]).toEqual(['a', 'b', 'a', 'b']);
      expect(lines).toMatchObject([
        { level: 'warn', fields: { annotation, job: 'job', value: bad, instead: 1 } },
      ]);
    },
  );

  it('tells of a bad weight of a collector, too, and does not tell for ever', () => {
    const { lines, place } = world();
    place([collector('a', 'x')], []);
    expect(lines).toMatchObject([{ fields: { collector: 'a', value: 'x' } }]);
    place(
      [collector('a')],
      Array.from({ length: 300 }, (_, index) => target(index, `bad-${String(index)}`)),
    );
    expect(lines).toHaveLength(100);
  });
});

describe('the options', () => {
  const validate = optionsSchema['~standard'].validate;

  it.each([undefined, null, {}])('have defaults for %j', (written) => {
    expect(validate(written)).toEqual({ value: defaults });
  });

  it('are taken as they are written', () => {
    const written = { annotation: 'weight', default_weight: 10, job_weights: { __proto__x: 7 } };
    expect(validate(written)).toEqual({
      value: {
        annotation: 'weight',
        default_weight: 10,
        job_weights: new Map([['__proto__x', 7]]),
      },
    });
  });

  it.each([
    [['default_weight'], { default_weight: 0 }],
    [['default_weight'], { default_weight: 101 }],
    [['default_weight'], { default_weight: 1.5 }],
    [['job_weights', 'a'], { job_weights: { a: '7' } }],
    [['job_weights'], { job_weights: [] }],
    [['annotation'], { annotation: '' }],
    [['weights'], { weights: {} }],
  ])('are refused with the key %j that is wrong', (path, written) => {
    expect(validate(written)).toMatchObject({ issues: [{ path }] });
  });

  it('are refused when they are no mapping', () => {
    expect(validate('x')).toMatchObject({ issues: [{ message: 'must be a mapping' }] });
  });
});
