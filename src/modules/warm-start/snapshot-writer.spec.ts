import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AllocationService } from '../allocation/index.js';
import { FakeServedState, scrapeConfig, servedConfigs } from '../http/testing/fake-served-state.js';
import { loggerInto } from '../http/testing/test-app.js';
import type { TargetPipeline } from '../targets/index.js';
import { FakeClock } from '../telemetry/testing/fake-clock.js';
import { fileOfJob } from './kept-job.js';
import { readSnapshot } from './read-snapshot.js';
import { RememberedState, type Snapshot } from './remembered-state.js';
import { HEAD_FILE } from './snapshot-head.js';
import { SnapshotWriter } from './snapshot-writer.js';
import { StateDirectory } from './state-directory.js';

/** An allocation with one collector, in which each job has the answer that a test says. */
class FakeAllocation {
  generation = 0;
  readonly #jobs = new Map<string, { readonly version: number; readonly text: string }>();

  set(job: string, text: string): void {
    this.#jobs.set(job, { version: ++this.generation, text });
  }

  get owners() {
    const jobs = this.#jobs;
    return {
      generation: this.generation,
      changedJobs: (since: number) =>
        [...jobs].filter(([, { version }]) => version > since).map(([job]) => job),
      versions: (job: string) => new Map([['c-0', jobs.get(job)?.version ?? 0]]),
      *owners(): Generator<void, readonly object[]> {
        yield;
        return [{ high: Int32Array.of(1), low: Int32Array.of(2) }];
      },
    };
  }

  *renderBody(job: string): Generator<void, Uint8Array> {
    yield;
    return Buffer.from(this.#jobs.get(job)?.text ?? '[]');
  }
}

/** Notes what is written. */
class NotedDirectory extends StateDirectory {
  readonly written: string[] = [];
  failing: string | undefined;

  override write(name: string, content: readonly Uint8Array[]): Promise<number> {
    if (name === this.failing) return Promise.reject(new Error('disk full'));
    this.written.push(name);
    return super.write(name, content);
  }
}

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'state-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function writing(remembered?: Snapshot) {
  const allocation = new FakeAllocation();
  const state = new FakeServedState();
  const directory = new NotedDirectory(folder);
  await directory.open();
  const clock = new FakeClock();
  const memory = new RememberedState();
  if (remembered !== undefined) memory.take(remembered);
  const writer = new SnapshotWriter({
    directory,
    state,
    allocation: allocation as unknown as AllocationService,
    pipeline: {
      inTurn: (work: (of: unknown) => Promise<unknown>) => work(allocation),
    } as unknown as TargetPipeline,
    remembered: memory,
    clock,
    namespace: 'n',
    strategy: 's',
    withOwners: true,
  });
  const jobs = (...names: readonly string[]): void => {
    state.scrapeConfigs = servedConfigs(names.map((name) => scrapeConfig(name)));
  };
  return { allocation, state, directory, clock, writer, jobs };
}

const read = (directory: StateDirectory): Promise<Snapshot | undefined> =>
  readSnapshot(directory, { namespace: 'n', strategy: 's' }, loggerInto([]));

const textOf = (snapshot: Snapshot | undefined, job: string): string | undefined => {
  const kept = snapshot?.jobs.find((one) => one.job === job);
  return kept?.parts?.map(({ body }) => Buffer.from(body).toString()).join();
};

describe('a pass of keeping state', () => {
  it('writes all at first, then what has changed, then nothing', async () => {
    const { allocation, directory, writer, jobs } = await writing();
    jobs('a', 'b');
    allocation.set('a', '["a"]');
    allocation.set('b', '["b"]');
    await writer.write();
    expect(directory.written).toEqual([fileOfJob('a'), fileOfJob('b'), HEAD_FILE]);
    directory.written.length = 0;
    allocation.set('b', '["b2"]');
    await writer.write();
    await writer.write();
    expect(directory.written).toEqual([fileOfJob('b')]);
    const snapshot = await read(directory);
    expect(snapshot?.isWhole).toBe(true);
    expect([textOf(snapshot, 'a'), textOf(snapshot, 'b')]).toEqual(['["a"]', '["b2"]']);
  });

  it('says when all of it was current, by the time of the head alone', async () => {
    const { allocation, directory, clock, writer, jobs } = await writing();
    jobs('a');
    allocation.set('a', '["a"]');
    await writer.write();
    await clock.advance(3_600_000);
    await writer.write();
    expect((await read(directory))?.asOfMs).toBe(clock.epochMs());
    expect(directory.written).toHaveLength(2);
  });

  it('leaves what is there as long as the jobs are not known', async () => {
    const { directory, state, writer } = await writing();
    state.scrapeConfigs = undefined;
    await writer.write();
    expect(directory.written).toEqual([]);
  });

  it('keeps what is remembered of a job that is not known yet, with its age', async () => {
    const owned = { high: Int32Array.of(1), low: Int32Array.of(2) };
    const parts = [{ collector: 'c-0', body: Buffer.from('["old"]'), owned }];
    const old = { job: 'a', scrapeConfig: Buffer.from('"a":{}'), hasSecrets: false, parts };
    const { allocation, directory, state, writer, jobs } = await writing({
      asOfMs: 17,
      collectors: ['c-0'],
      jobs: [{ ...old, asOfMs: 17, hasOwners: true }],
      isWhole: true,
    });
    jobs('a');
    state.reasons.set('a', 'its discovery has not answered yet');
    await writer.write();
    const stale = await read(directory);
    expect(textOf(stale, 'a')).toBe('["old"]');
    expect(stale?.jobs[0]?.asOfMs).toBe(17);
    state.reasons.clear();
    allocation.set('a', '["new"]');
    await writer.write();
    const live = await read(directory);
    expect(textOf(live, 'a')).toBe('["new"]');
    expect(live?.jobs[0]?.asOfMs).toBe(live?.asOfMs);
  });

  it('writes the others when one cannot be written, and lists it so that its absence is seen', async () => {
    const { allocation, directory, writer, jobs } = await writing();
    jobs('a', 'b');
    allocation.set('a', '["a"]');
    allocation.set('b', '["b"]');
    directory.failing = fileOfJob('a');
    expect((await writer.write()).failure).toMatchObject({ message: 'disk full' });
    const part = await read(directory);
    expect(part?.isWhole).toBe(false);
    expect(textOf(part, 'b')).toBe('["b"]');
    directory.failing = undefined;
    expect((await writer.write()).failure).toBeUndefined();
    expect((await read(directory))?.isWhole).toBe(true);
  });

  it('removes the files of jobs that are gone, and those that an earlier life has left', async () => {
    const { allocation, directory, writer, jobs } = await writing();
    await directory.write(fileOfJob('left'), [Buffer.from('x')]);
    jobs('a', 'b');
    allocation.set('a', '["a"]');
    await writer.write();
    jobs('a');
    await writer.write();
    const files = (await directory.names()).filter((name) => name.startsWith('job-'));
    expect(files).toEqual([fileOfJob('a')]);
  });
});
