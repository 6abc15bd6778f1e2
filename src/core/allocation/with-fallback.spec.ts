import { describe, expect, it } from 'vitest';
import { labelSetOf } from '../labels/label-set.js';
import type { Target } from '../target/target.js';
import { isStateful } from './is-stateful.js';
import type { AllocationStrategy, Load } from './strategy.js';
import { withFallback } from './with-fallback.js';

const idle: Load = { targets: () => 0, targetsOfJob: () => 0 };
const collectors = [{ name: 'a' }, { name: 'b' }];
const target = (kind: string): Target => ({
  job: 'j',
  address: 'h:1',
  labels: labelSetOf([['kind', kind]]),
});
/** Has an opinion on one kind only, and a collector for it or none. */
const forKind = (kind: string, owner: string | undefined): AllocationStrategy => ({
  prepare: () => () => owner,
  handles: ({ labels }) => labels['kind'] === kind,
  whyUnassigned: () => `nobody for ${kind}`,
  reads: ['kind'],
});

describe('a strategy with a fallback', () => {
  it('asks the fallback about exactly the targets on which the first has no opinion', () => {
    const pick = withFallback(forKind('x', 'a'), forKind('y', 'b')).prepare(collectors);
    expect(pick(target('x'), undefined, idle)).toBe('a');
    expect(pick(target('y'), undefined, idle)).toBe('b');
  });

  it('leaves a target unassigned that the first handles without finding a collector', () => {
    const strategy = withFallback(forKind('x', undefined), forKind('y', 'b'));
    expect(strategy.prepare(collectors)(target('x'), undefined, idle)).toBeUndefined();
    expect(strategy.whyUnassigned?.(target('x'))).toBe('nobody for x');
    expect(strategy.whyUnassigned?.(target('y'))).toBe('nobody for y');
  });

  it('never asks the fallback when the first handles every target', () => {
    const first: AllocationStrategy = { prepare: () => () => 'a' };
    expect(withFallback(first, forKind('y', 'b'))).toBe(first);
  });

  it('tells both of load that goes away', () => {
    const told: string[] = [];
    const listening = (name: string): AllocationStrategy => ({
      ...forKind(name, 'a'),
      prepareChooser: () => ({
        pick: () => name,
        loadDecreased: (collector) => told.push(`${name} ${collector}`),
      }),
    });
    const chooser = withFallback(listening('x'), listening('y')).prepareChooser?.(collectors);
    chooser?.loadDecreased('b');
    expect(told).toEqual(['x b', 'y b']);
    expect(chooser?.pick(target('x'), undefined, idle)).toBe('x');
    expect(chooser?.pick(target('z'), undefined, idle)).toBe('y');
  });

  it('reads what either of them reads, and everything when one does not say what it reads', () => {
    const silent: AllocationStrategy = { prepare: () => () => 'b' };
    const both = withFallback(forKind('x', 'a'), { ...forKind('y', 'b'), reads: ['zone', 'kind'] });
    expect(both.reads).toEqual(['kind', 'zone']);
    expect(withFallback(forKind('x', 'a'), silent).reads).toBeUndefined();
  });

  it('depends on the past when either of them does', () => {
    const sticky = { ...forKind('x', 'a'), sticky: true };
    expect(isStateful(withFallback(sticky, forKind('y', 'b')))).toBe(true);
    expect(isStateful(withFallback(forKind('x', 'a'), sticky))).toBe(true);
    expect(isStateful(withFallback(forKind('x', 'a'), forKind('y', 'b')))).toBe(false);
  });

  it('is sticky only when both are', () => {
    const sticky = { ...forKind('x', 'a'), sticky: true };
    expect(withFallback(sticky, sticky).sticky).toBe(true);
    expect(withFallback(sticky, forKind('y', 'b')).sticky).toBe(false);
  });
});
