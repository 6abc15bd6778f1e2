import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Allocator } from '../../fixtures/allocator.js';
import { eventually } from '../../fixtures/eventually.js';

const HEAP_MIB = 512;
const JOBS = 10;
const TARGETS_OF_JOB = 10_000;
const LABELS = 45;

/** Groups of two targets, whose labels have the length and the variety that those of pods have. */
function list(job: number, isChanged = false): string {
  const groups = Array.from({ length: TARGETS_OF_JOB / 2 }, (_, g) => {
    // The address, the job and where it comes from are the others.
    const labels = Array.from({ length: LABELS - 3 }, (_, l) => [
      `__meta_kubernetes_pod_label_${String(l)}`,
      l < 2
        ? `pod-${String(l)}-${String(job)}-${String(g)}`
        : `value-${String(l)}-${String(g % 50)}`,
    ]);
    const port = isChanged && g === 0 ? 81 : 80;
    const host = `10.${String(job)}.${String(g >> 8)}.${String(g & 255)}`;
    const targets = [`${host}:${String(port)}`, `${host}:90`];
    return { targets, labels: Object.fromEntries(labels) as unknown };
  });
  return JSON.stringify(groups);
}

let folder: string;
let allocator: Allocator;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heap-limit-'));
});
afterEach(async () => {
  await allocator.stop();
  await rm(folder, { recursive: true });
});

describe(`100,000 targets of ${String(LABELS)} labels in a heap of ${String(HEAP_MIB)} MiB`, () => {
  it('are all served, with room to spare, and a change is seen', async () => {
    const jobs = Array.from({ length: JOBS }, (_, job) => ({
      job_name: `job-${String(job)}`,
      file_sd_configs: [{ files: [join(folder, `${String(job)}.json`)] }],
    }));
    for (let job = 0; job < JOBS; job++) {
      await writeFile(join(folder, `${String(job)}.json`), list(job));
    }
    allocator = await Allocator.start({
      config: {
        collector_source: { type: 'static', collectors: [{ name: 'c', node: 'n' }] },
        config: { scrape_configs: jobs },
      },
      env: { NODE_OPTIONS: `--max-old-space-size=${String(HEAP_MIB)}` },
    });
    let peakMib = 0;
    const sample = async (): Promise<string> => {
      const { text } = await allocator.get('/metrics');
      const used = Number(/^nodejs_heap_size_used_bytes\S* (\S+)/m.exec(text)?.[1]);
      peakMib = Math.max(peakMib, used / (1024 * 1024));
      return text;
    };
    await eventually('all of them', async () => {
      const assigned = /^opentelemetry_allocator_targets_per_collector\S* (\d+)/m;
      return Number(assigned.exec(await sample())?.[1]) === JOBS * TARGETS_OF_JOB
        ? true
        : undefined;
    });
    await writeFile(join(folder, '0.json'), list(0, true));
    for (const { job_name: name } of jobs) {
      const served = await allocator.getJson(`/jobs/${name}/targets?collector_id=c`);
      expect(served).toHaveLength(TARGETS_OF_JOB);
      await sample();
    }
    await eventually('the change', async () => {
      await sample();
      const { text } = await allocator.get('/jobs/job-0/targets?collector_id=c');
      return text.includes('"10.0.0.0:81"') ? true : undefined;
    });
    expect(allocator.program.output).not.toContain('TA_MEMORY_SHORT');
    console.info(`peak of the heap: ${peakMib.toFixed(0)} MiB`);
    expect(peakMib).toBeGreaterThan(50);
    expect(peakMib).toBeLessThan(0.85 * HEAP_MIB);
  }, 90_000);
});
