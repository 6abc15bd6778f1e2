import { describe, expect, it } from 'vitest';
import type { ScrapeConfig } from '../../plugin-api/index.js';
import { NetworkPolicy } from '../http-client/index.js';
import { byName, group, job, start } from './testing/scripted-discovery.js';

const network = new NetworkPolicy(['169.254.0.0/16']);
const restricting =
  (policy: NetworkPolicy, ...names: string[]) =>
  ({ job_name }: ScrapeConfig): NetworkPolicy | undefined =>
    names.includes(job_name) ? policy : undefined;

describe('a discovery that may not reach everything', () => {
  it('is another than the same one of a job that may, so that nothing gets to it that way', async () => {
    const d = start();
    const jobs = byName([
      job('file', 'same'),
      job('resource', 'same'),
      job('other-resource', 'same'),
    ]);
    d.manager.apply(jobs, { networkOf: restricting(network, 'resource', 'other-resource') });
    await d.clock.advance(0);
    expect(d.running).toHaveLength(2);
    d.running[0]?.emit(group('0', 'inside:1'));
    expect(d.sink.addresses('file')).toEqual(['inside:1']);
    expect(d.sink.addresses('resource')).toEqual([]);
    expect(d.sink.addresses('other-resource')).toEqual([]);
  });

  it('goes on as long as the same is denied, and starts again with what is denied newly', async () => {
    const d = start();
    const jobs = byName([job('file', 'same'), job('resource', 'same')]);
    d.manager.apply(jobs, { networkOf: restricting(network, 'resource') });
    await d.clock.advance(0);
    d.manager.apply(jobs, { networkOf: restricting(network, 'resource') });
    await d.clock.advance(0);
    expect(d.running).toHaveLength(2);
    d.manager.apply(jobs, {
      networkOf: restricting(new NetworkPolicy(['10.0.0.0/8']), 'resource'),
    });
    await d.clock.advance(0);
    expect(d.running.map(({ signal }) => signal.aborted)).toEqual([false, true, false]);
  });
});
