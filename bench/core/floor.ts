import type { TargetGroup } from '../../src/plugin-api/index.js';
import type { Figures } from '../measure/report.js';
import { Stopwatch } from './stopwatch.js';

/**
 * What Node itself takes to write the input as JSON, to copy its bytes and to read it: no allocator on it can do with less
 * than the reading. Gives groups as a parser makes them, none of whose strings is shared with another.
 */
export class Floor {
  readonly #writing = new Stopwatch();
  readonly #copying = new Stopwatch();
  readonly #reading = new Stopwatch();

  parsed(groups: readonly TargetGroup[]): readonly TargetGroup[] {
    const texts = this.#writing.time(() => groups.map((group) => JSON.stringify(group)));
    this.#copying.time(() => texts.map((text) => Buffer.from(text)));
    return this.#reading.time(() => texts.map((text) => JSON.parse(text) as TargetGroup));
  }

  get figures(): Figures {
    return {
      jsonWriteCpuMs: this.#writing.total.cpuMs,
      jsonCopyCpuMs: this.#copying.total.cpuMs,
      jsonReadCpuMs: this.#reading.total.cpuMs,
    };
  }
}
