import { describe, expect, it } from 'vitest';
import { KnownState } from './known-state.js';

/** The state of the stages before, as a test sets it. */
interface Stages {
  jobs: readonly string[] | undefined;
  hasCollectors: boolean;
  answered: readonly string[];
  applied: readonly string[];
}

const served = (stages: Stages): KnownState =>
  new KnownState({
    jobs: () => stages.jobs && new Map(stages.jobs.map((job) => [job, job])),
    hasCollectors: () => stages.hasCollectors,
    isAnswered: (job) => stages.answered.includes(job),
    isApplied: (job) => stages.applied.includes(job),
  });

describe('what may be answered', () => {
  it('is nothing as long as jobs or collectors are not known', () => {
    const stages: Stages = { jobs: undefined, hasCollectors: false, answered: [], applied: [] };
    const state = served(stages);
    expect(state.whyUnknown()).toBe('the jobs are not known yet');
    stages.jobs = [];
    expect(state.whyUnknown()).toBe('the collectors are not known yet');
    stages.hasCollectors = true;
    expect(state.whyUnknown()).toBeUndefined();
  });

  it('is nothing until what discovery has said at the start is allocated', () => {
    const stages: Stages = {
      jobs: ['a', 'b'],
      hasCollectors: true,
      answered: ['a'],
      applied: [],
    };
    const state = served(stages);
    expect(state.whyUnknown()).toBe('the first targets are being allocated');
    stages.applied = ['a'];
    expect(state.whyUnknown()).toBeUndefined();
  });

  it('is not the targets of a job whose discovery has not answered, or whose answer waits', () => {
    const stages: Stages = {
      jobs: ['a', 'b'],
      hasCollectors: true,
      answered: ['a'],
      applied: ['a'],
    };
    const state = served(stages);
    expect(state.whyUnknown('a')).toBeUndefined();
    expect(state.whyUnknown('b')).toBe('the discovery of this job has not answered yet');
    stages.answered = ['a', 'b'];
    expect(state.whyUnknown('b')).toBe('the first targets are being allocated');
    stages.applied = ['a', 'b'];
    expect(state.whyUnknown('b')).toBeUndefined();
  });

  it('stays known while jobs that come later are allocated', () => {
    const stages: Stages = { jobs: ['a'], hasCollectors: true, answered: ['a'], applied: ['a'] };
    const state = served(stages);
    expect(state.whyUnknown()).toBeUndefined();
    Object.assign(stages, { jobs: ['a', 'b'], answered: ['a', 'b'] });
    expect(state.whyUnknown()).toBeUndefined();
    expect(state.whyUnknown('a')).toBeUndefined();
    expect(state.whyUnknown('b')).toBe('the discovery of this job has not answered yet');
  });

  it('is the empty answer of a job that there is not', () => {
    const state = served({ jobs: ['a'], hasCollectors: true, answered: ['a'], applied: ['a'] });
    expect(state.whyUnknown('gone')).toBeUndefined();
  });
});
