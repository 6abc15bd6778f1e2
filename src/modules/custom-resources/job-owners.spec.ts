import { describe, expect, it } from 'vitest';
import { JobOwners } from './job-owners.js';

describe('the owners of jobs', () => {
  it('are told when a name that they wait for is free', () => {
    const owners = new JobOwners();
    owners.set('a', ['job', 'other']);
    expect(owners.conflict('b', ['own', 'job'])).toEqual({ job: 'job', owner: 'a' });
    expect(owners.set('a', ['other'])).toEqual(['b']);
    expect(owners.conflict('b', ['own', 'job'])).toBeUndefined();
  });

  it('are not told of names that they do not want any more', () => {
    const owners = new JobOwners();
    owners.set('a', ['job', 'other']);
    owners.conflict('b', ['job']);
    owners.conflict('b', ['other']);
    expect(owners.set('a', ['other'])).toEqual([]);
    expect(owners.set('a', [])).toEqual(['b']);
  });

  it('are not told when they are gone, while others that wait are', () => {
    const owners = new JobOwners();
    owners.set('a', ['job']);
    owners.conflict('b', ['job']);
    owners.conflict('c', ['job']);
    owners.stopWaiting('b');
    expect(owners.set('a', [])).toEqual(['c']);
  });
});
