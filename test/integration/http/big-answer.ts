import { Allocator } from '../../fixtures/allocator.js';

export const collector = 'collector-0';

/** What the answer for the job `big` weighs at least. */
export const bigAnswerBytes = 26_000_000;
export const bigPath = `/jobs/big/targets?collector_id=${collector}`;
export const smallPath = `/jobs/small/targets?collector_id=${collector}`;

/** Jobs for one collector: `big`, whose targets share long labels, so that the configuration itself is small, and `small`. */
export function bigAndSmallJobs(): readonly object[] {
  const targets = Array.from(
    { length: 10_000 },
    (_, i) => `10.0.${String(i >> 8)}.${String(i & 255)}:9090`,
  );
  const labels = Object.fromEntries(
    Array.from({ length: 20 }, (_, i) => [`label_${String(i)}`, `${String(i)}-`.padEnd(115, 'x')]),
  );
  return [
    { job_name: 'big', static_configs: [{ targets, labels }] },
    { job_name: 'small', static_configs: [{ targets: ['h:1'], labels: { a: 'b' } }] },
  ];
}

/** An allocator that has said both answers once, so that they are kept and its memory has settled. */
export async function startBigAllocator(more: object = {}): Promise<Allocator> {
  const allocator = await Allocator.start({
    config: {
      collector_source: { type: 'static', collectors: [{ name: collector }] },
      config: { scrape_configs: bigAndSmallJobs() },
      ...more,
    },
  });
  await allocator.waitUntilReady();
  await allocator.get(smallPath);
  const { text } = await allocator.get(bigPath);
  if (text.length < bigAnswerBytes) throw new Error(`only ${String(text.length)} characters`);
  return allocator;
}
