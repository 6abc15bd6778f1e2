import type { DecidedTargets } from '../../core/allocation/decisions.js';
import { runInSlices, type Clock } from '../../plugin-api/index.js';
import type { AllocationService } from '../allocation/index.js';
import type { KeptPart } from './kept-job.js';

/** What every collector has of one job, of one state of the allocation. */
export interface CapturedParts {
  readonly parts: readonly KeptPart[];
  /** Equal for equal parts, within this process. */
  readonly signature: string;
}

export interface CaptureTools {
  readonly clock: Clock;
  /** Owners are of use to the next life. */
  readonly withOwners: boolean;
  /** Told of each slice of work, in milliseconds. */
  readonly onSlice: (ms: number) => void;
}

const nobodys: DecidedTargets = { high: new Int32Array(), low: new Int32Array() };

/** To be called in turn with changes of the allocation. */
export async function captureParts(
  job: string,
  allocation: AllocationService,
  { clock, withOwners, onSlice }: CaptureTools,
): Promise<CapturedParts> {
  const inSlices = <T>(work: Iterator<void, T>): Promise<T> =>
    runInSlices(work, clock, undefined, onSlice);
  const signature = signatureOf(job, allocation);
  const collectors = [...allocation.owners.versions(job).keys()];
  const owners = withOwners ? await inSlices(allocation.owners.owners(job, collectors)) : [];
  const parts: KeptPart[] = [];
  for (const [index, collector] of collectors.entries()) {
    const body = await inSlices(allocation.renderBody(job, collector));
    const { high, low } = owners[index] ?? nobodys;
    parts.push({ collector, body, owned: { high, low } });
  }
  return { parts, signature };
}

/** A version that is new is the greatest of all, and one that ends without a successor makes the parts fewer. */
export function signatureOf(job: string, { owners }: AllocationService): string {
  let greatest = 0;
  const versions = owners.versions(job);
  for (const version of versions.values()) greatest = Math.max(greatest, version);
  return `${String(versions.size)} ${String(greatest)}`;
}
