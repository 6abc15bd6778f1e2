import { describe, expect, it } from 'vitest';
import { emptyLabelSet, labelSetOf } from '../../core/labels/label-set.js';
import type { TargetGroup } from '../../core/target/target-group.js';
import { PendingChanges } from './pending-changes.js';

const group = (source: string, address?: string): TargetGroup => ({
  source,
  labels: emptyLabelSet,
  targets: address === undefined ? [] : [labelSetOf([['__address__', address]])],
});

describe('changes that wait for the next batch', () => {
  it('keeps only the latest state of each group', () => {
    const pending = new PendingChanges();
    pending.updateGroups('http', [group('0', 'old:1'), group('1', 'b:1')]);
    pending.updateGroups('http', [group('0', 'new:1')]);
    expect(pending.take().providers).toEqual([
      { provider: 'http', groups: [group('0', 'new:1'), group('1', 'b:1')] },
    ]);
  });

  it('keeps a deletion that follows a change', () => {
    const pending = new PendingChanges();
    pending.updateGroups('http', [group('0', 'a:1')]);
    pending.updateGroups('http', [group('0')]);
    expect(pending.take().providers[0]?.groups).toEqual([group('0')]);
  });

  it('passes on that a provider answered with nothing', () => {
    const pending = new PendingChanges();
    pending.updateGroups('http', []);
    expect(pending.isEmpty).toBe(false);
    expect(pending.take().providers).toEqual([{ provider: 'http', groups: [] }]);
  });

  it('is empty after it was taken', () => {
    const pending = new PendingChanges();
    pending.setCollectors([{ name: 'c' }]);
    pending.setJobProviders(new Map([['job', ['http']]]));
    const batch = pending.take();
    expect(batch.collectors).toEqual([{ name: 'c' }]);
    expect(batch.jobProviders?.get('job')).toEqual(['http']);
    expect(pending.isEmpty).toBe(true);
    expect(pending.take()).toEqual({
      collectors: undefined,
      jobProviders: undefined,
      providers: [],
    });
  });
});
