import { describe, expect, it } from 'vitest';
import { KnownState } from './known-state.js';

/** The state of the stages before, as a test sets it. */
interface Stages {
  jobs: readonly string[] | undefined;
  hasCollectors: boolean;
  answered: readonly string[];
  applied: readonly string[];
  isStartUpOver?: boolean;
}

const served = (stages: Stages): KnownState =>
  new KnownState({
    jobs: () => stages.jobs && new Map(stages.jobs.map((job) => [job, job])),
    hasCollectors: () => stages.hasCollectors,
    isAnswered: (job) => stages.answered.includes(job),
    isApplied: (job) => stages.applied.includes(job),
    isStartUpOver: () => stages.isStartUpOver ?? false,
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
    expect(state.unknownJobs()).toEqual(new Set(['b']));
    stages.answered = ['a', 'b'];
    expect(state.whyUnknown('b')).toBe('the first targets are being allocated');
    expect(state.unknownJobs()).toEqual(new Set(['b']));
    stages.applied = ['a', 'b'];
    expect(state.whyUnknown('b')).toBeUndefined();
    expect(state.unknownJobs()).toEqual(new Set());
  });

  it('does not take back what it has told of a job while the first targets of another are allocated', () => {
    const stages: Stages = {
      jobs: ['a', 'b'],
      hasCollectors: true,
      answered: ['a'],
      applied: ['a'],
    };
    const state = served(stages);
    expect(state.whyUnknown('a')).toBeUndefined();
    stages.answered = ['a', 'b'];
    expect(state.whyUnknown()).toBe('the first targets are being allocated');
    expect(state.whyUnknown('a')).toBeUndefined();
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

  it('stays known after the start-up when one job never answers and others come and go', () => {
    const stages: Stages = {
      jobs: ['silent', 'a', 'late'],
      hasCollectors: true,
      answered: ['a', 'late'],
      applied: ['a'],
    };
    const state = served(stages);
    stages.isStartUpOver = true;
    expect(state.whyUnknown('late')).toBe('the first targets are being allocated');
    Object.assign(stages, { jobs: ['silent', 'a', 'late', 'b'], answered: ['a', 'late', 'b'] });
    stages.applied = ['a', 'late'];
    expect(state.whyUnknown('a')).toBeUndefined();
    expect(state.whyUnknown('b')).toBe('the discovery of this job has not answered yet');
    expect(state.whyUnknown('silent')).toBe('the discovery of this job has not answered yet');
    Object.assign(stages, { jobs: ['silent', 'a', 'c'], answered: ['a', 'c'] });
    expect(state.whyUnknown('a')).toBeUndefined();
    expect(state.whyUnknown()).toBeUndefined();
  });

  it('is not held up by a job that was awaited at the end of the start-up and has gone', () => {
    const stages: Stages = {
      jobs: ['silent', 'gone'],
      hasCollectors: true,
      answered: ['gone'],
      applied: [],
      isStartUpOver: true,
    };
    const state = served(stages);
    expect(state.whyUnknown()).toBe('the first targets are being allocated');
    stages.jobs = ['silent'];
    expect(state.whyUnknown()).toBeUndefined();
  });

  it('is the empty answer of a job that there is not', () => {
    const state = served({ jobs: ['a'], hasCollectors: true, answered: ['a'], applied: ['a'] });
    expect(state.whyUnknown('gone')).toBeUndefined();
  });
});
