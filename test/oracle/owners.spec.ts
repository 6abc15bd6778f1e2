import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { AllocationEngine } from '../../src/core/allocation/engine.js';
import { loadXxhash64 } from '../../src/core/hash/xxhash64.js';
import { labelSetOf, type LabelSet } from '../../src/core/labels/label-set.js';
import { consistentHashing } from '../../src/plugins/strategies/consistent-hashing/consistent-hashing.js';
import type { PluginContext } from '../../src/plugin-api/index.js';
import { describeWithOracle, seedOfRun } from './oracle.js';

interface Case {
  readonly members: readonly string[];
  readonly addresses: readonly string[];
}

/** Text as JSON carries it to Go and back unchanged. */
const text = (maxLength: number): fc.Arbitrary<string> =>
  fc.oneof(
    fc.string({ unit: 'grapheme', maxLength }),
    fc.string({ unit: 'binary', maxLength }),
    fc.constantFrom('', 'é:1', '\u{1f600}', '\uffff'),
  );
const address = fc.oneof(
  fc.tuple(fc.ipV4(), fc.nat(65535)).map(([host, port]) => `${host}:${port}`),
  text(40),
);
/** Sizes where the room of a member changes are as likely as any other. */
const memberCount = fc.oneof(
  fc.integer({ min: 1, max: 40 }),
  fc.integer({ min: 1, max: 2000 }),
  fc.constantFrom(1, 2, 583, 584, 1060, 1061, 1062, 1167, 1168, 2000),
);
const members = fc.oneof(
  fc.tuple(memberCount, text(8)).map(([count, stem]) => {
    return Array.from({ length: count }, (_, i) => `${stem}-collector-${i}`);
  }),
  fc.uniqueArray(text(20), { minLength: 1, maxLength: 60 }),
);
const anyCase: fc.Arbitrary<Case> = fc.record({
  members,
  addresses: fc.array(address, { minLength: 1, maxLength: 200 }),
});

const strategy = consistentHashing.create(undefined, {} as PluginContext);
const nothing = { targets: () => 0, targetsOfJob: () => 0 };

function ownersHere({ members: names, addresses }: Case): (string | undefined)[] {
  const pick = strategy.prepare(names.map((name) => ({ name })));
  const labels = labelSetOf([]);
  return addresses.map((each) => pick({ job: 'j', address: each, labels }, undefined, nothing));
}

function labelsOf(entries: readonly (readonly [string, string])[]): LabelSet {
  return labelSetOf(entries.filter(([name, value]) => name !== '' && value !== ''));
}

describeWithOracle('targets have the owners that the Go allocator gives them', (oracle) => {
  beforeAll(loadXxhash64);

  it('for any 1 to 2,000 collectors and any addresses', async () => {
    const seed = seedOfRun('owners');
    const cases = fc.sample(anyCase, { seed, numRuns: 400 });
    const expected = await oracle().ask<string[]>('owners', cases);
    cases.forEach((one, i) => {
      expect(ownersHere(one), `${one.members.length} members`).toEqual(expected[i]);
    });
  });

  it('for 100,000 addresses of hosts, over any 1 to 2,000 collectors', async () => {
    const seed = seedOfRun('owners of many');
    const port = fc.nat(65535);
    const host = fc.tuple(fc.ipV4(), port).map(([ip, nr]) => `${ip}:${nr}`);
    const hosts = fc.array(host, { minLength: 2_000, maxLength: 2_000, size: 'max' });
    const names = memberCount.map((count) =>
      Array.from({ length: count }, (_, i) => `otelcol-collector-${i}`),
    );
    const one = fc.record({ members: names, addresses: hosts });
    const cases = fc.sample(one, { seed, numRuns: 50 });
    const expected = await oracle().ask<string[]>('owners', cases);
    cases.forEach((each, i) => {
      expect(ownersHere(each), `${each.members.length} members`).toEqual(expected[i]);
    });
    expect(expected.flat()).toHaveLength(100_000);
  });

  it('in the answers of the engine, which remembers keys instead of addresses', async () => {
    const seed = seedOfRun('owners of the engine');
    const [one] = fc.sample(
      fc.record({
        members: fc.constant(Array.from({ length: 17 }, (_, i) => `otelcol-collector-${i}`)),
        addresses: fc.uniqueArray(address, { minLength: 500, maxLength: 500 }),
      }),
      { seed, numRuns: 1 },
    );
    if (one === undefined) throw new Error('no case');
    const engine = new AllocationEngine({ strategy, hashSeed: seed });
    const steps = [
      engine.setJobs([{ name: 'j', providers: ['p'], filter: undefined }]),
      engine.applyGroup('p', {
        source: 's',
        labels: labelSetOf([]),
        targets: one.addresses.map((each) => labelSetOf([['__address__', each]])),
      }),
      engine.setCollectors(one.members.map((name) => ({ name }))),
    ];
    for (const step of steps) while (step.next().done !== true);
    const [expected] = await oracle().ask<string[]>('owners', [one]);
    const owners = new Map([...engine.targets({})].map((t) => [t.address, t.collector]));
    expect(one.addresses.map((each) => owners.get(each))).toEqual(expected);
  });

  it('and the target_hash of its pages', async () => {
    const seed = seedOfRun('target_hash');
    const name = fc.oneof(text(12), fc.constantFrom('__meta_x', '__address__', '__proto__', 'job'));
    const cases = fc.sample(
      fc.tuple(fc.array(fc.tuple(name, text(20)), { maxLength: 10 }), text(10)),
      { seed, numRuns: 2000 },
    );
    const inputs = cases.map(([entries, job]) => ({ labels: labelsOf(entries), job }));
    const expected = await oracle().ask<string>('target_hash', inputs);
    expect(inputs.map(({ labels, job }) => hashInEngine(labels, job))).toEqual(expected);
  });
});

/** The hash as the engine's view tells it, of a target whose labels no filter touches. */
function hashInEngine(labels: LabelSet, job: string): string | undefined {
  const engine = new AllocationEngine({ strategy, hashSeed: 1 });
  const group = { source: 's', labels: labelSetOf([]), targets: [labels] };
  const steps = [
    engine.setJobs([{ name: job, providers: ['p'], filter: undefined }]),
    engine.applyGroup('p', group),
  ];
  for (const step of steps) while (step.next().done !== true);
  return [...engine.targets({})][0]?.hash;
}
