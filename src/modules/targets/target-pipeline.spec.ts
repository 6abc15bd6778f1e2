import { describe, expect, it } from 'vitest';
import { RecordingLogger } from '../../../test/fixtures/plugin-context.js';
import type { AllocationService } from '../allocation/index.js';
import { FakeClock } from '../telemetry/testing/fake-clock.js';
import type { ScrapeConfigStore } from '../watchers/index.js';
import { TargetPipeline } from './target-pipeline.js';

const methods = {
  view: { generation: 1 },
  setCollectors: () => Promise.resolve(0),
  applyGroups: () => Promise.resolve(0),
  changeJobs: () => Promise.resolve(0),
};
const allocation = methods as unknown as AllocationService;
const store = { current: { configs: new Map() } } as unknown as ScrapeConfigStore;

function started(by = allocation): {
  readonly pipeline: TargetPipeline;
  readonly clock: FakeClock;
} {
  const clock = new FakeClock();
  return { clock, pipeline: new TargetPipeline(by, store, clock, new RecordingLogger()) };
}

describe('other work with the allocation', () => {
  it('is done in turn with the changes, and failing keeps nobody else from his turn', async () => {
    const { pipeline, clock } = started();
    const steps: string[] = [];
    const first = pipeline.inTurn(async (given) => {
      expect(given).toBe(allocation);
      await new Promise<void>((resolve) => void clock.after(5_000, resolve));
      steps.push('first');
      throw new Error('no use');
    });
    const failed = expect(first).rejects.toThrow('no use');
    pipeline.setCollectors([]);
    await clock.advance(4_000);
    expect(pipeline.hasCollectors).toBe(false);
    const second = pipeline.inTurn(() => Promise.resolve(steps.push('second')));
    await clock.advance(1_000);
    await failed;
    expect(await second).toBe(2);
    expect(pipeline.hasCollectors).toBe(true);
    expect(steps).toEqual(['first', 'second']);
  });

  it('is finished before the pipeline is closed', async () => {
    const { pipeline, clock } = started();
    let isDone = false;
    void pipeline.inTurn(async () => {
      await new Promise<void>((resolve) => void clock.after(1_000, resolve));
      isDone = true;
    });
    const closed = pipeline.onModuleDestroy();
    await clock.advance(1_000);
    await closed;
    expect(isDone).toBe(true);
  });
});

describe('what is known of a job', () => {
  it('is known once its provider has answered', async () => {
    const { pipeline, clock } = started();
    pipeline.setJobProviders(new Map([['job', ['old']]]));
    await clock.advance(1_000);
    expect(pipeline.isApplied('job')).toBe(false);
    pipeline.updateGroups('old', []);
    await clock.advance(1_000);
    expect(pipeline.isApplied('job')).toBe(true);
  });

  it('stays known when the job goes over to a provider that had answered in the batch before', async () => {
    const { pipeline, clock } = started();
    pipeline.setJobProviders(new Map([['job', ['old']]]));
    pipeline.updateGroups('old', []);
    await clock.advance(1_000);
    pipeline.setJobProviders(new Map([['job', ['old']]]));
    pipeline.updateGroups('new', []);
    await clock.advance(1_000);
    pipeline.setJobProviders(new Map([['job', ['new']]]));
    await clock.advance(1_000);
    expect(pipeline.isApplied('job')).toBe(true);
  });

  it('forgets providers that no job has', async () => {
    const { pipeline, clock } = started();
    pipeline.setJobProviders(new Map([['job', ['old']]]));
    pipeline.updateGroups('old', []);
    await clock.advance(1_000);
    pipeline.setJobProviders(new Map([['job', undefined]]));
    await clock.advance(1_000);
    pipeline.setJobProviders(new Map([['job', ['old']]]));
    await clock.advance(1_000);
    expect(pipeline.isApplied('job')).toBe(false);
  });
});

describe('after a batch that was dear', () => {
  it("a provider's first answer is applied at once, and its next one in its turn", async () => {
    const applied: string[] = [];
    const dear = {
      ...methods,
      applyGroups: (provider: string) => {
        applied.push(provider);
        return Promise.resolve(1_000);
      },
    } as unknown as AllocationService;
    const { pipeline, clock } = started(dear);
    pipeline.updateGroups('first', []);
    await clock.advance(100);
    pipeline.updateGroups('first', []);
    await clock.advance(100);
    expect(applied).toEqual(['first']);
    pipeline.updateGroups('second', []);
    await clock.advance(100);
    expect(applied).toEqual(['first', 'first', 'second']);
    pipeline.updateGroups('second', []);
    await clock.advance(100);
    expect(applied).toHaveLength(3);
  });
});
