// Preloaded into an allocator by bench/http/cold-start.ts: how long its event loop is held up, from SIGUSR2 to the end.
//
//   BENCH_LOOP_DELAY=<file> node --import ./bench/loop-delay.mjs dist/main.js …
import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

const resolutionMs = 1;
const toMs = (ns) => ns / 1e6;

// Only the thread that serves: others hold up nobody.
if (isMainThread) {
  const delays = monitorEventLoopDelay({ resolution: resolutionMs });
  process.on('SIGUSR2', () => {
    delays.reset();
    delays.enable();
  });
  process.once('SIGTERM', () => {
    delays.disable();
    const figures = {
      loopDelayP50Ms: toMs(delays.percentile(50)),
      loopDelayP99Ms: toMs(delays.percentile(99)),
      loopDelayMaxMs: toMs(delays.max),
    };
    writeFileSync(process.env.BENCH_LOOP_DELAY, JSON.stringify(figures));
  });
}
