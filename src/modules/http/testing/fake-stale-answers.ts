import { type StaleAnswer, StaleAnswers, type StaleParts } from '../../warm-start/index.js';

/** An earlier life as a test sets it; there was none until it does. */
export class FakeStaleAnswers extends StaleAnswers {
  asOfMs: number | undefined;
  /** By job, then collector. */
  targets: Readonly<Record<string, Readonly<Record<string, Uint8Array>>>> = {};
  /** Without secrets. */
  configs: Uint8Array | undefined;

  reset(): void {
    this.asOfMs = undefined;
    this.targets = {};
    this.configs = undefined;
  }

  ofCollector(job: string, collector: string): StaleAnswer | undefined {
    const bytes = this.targets[job]?.[collector];
    return bytes && { bytes, asOfMs: this.asOfMs ?? 0 };
  }

  ofJob(job: string): StaleParts | undefined {
    const ofJob = this.targets[job];
    const parts = Object.entries(ofJob ?? {}).map(([collector, targets]) => ({
      collector,
      targets,
    }));
    return ofJob && { parts, asOfMs: this.asOfMs ?? 0 };
  }

  jobsWithTargets(): ReadonlySet<string> {
    return new Set(Object.keys(this.targets));
  }

  scrapeConfigs(secrets: 'mask' | 'reveal'): StaleAnswer | undefined {
    const bytes = secrets === 'mask' ? this.configs : undefined;
    return bytes && { bytes, asOfMs: this.asOfMs ?? 0 };
  }
}
