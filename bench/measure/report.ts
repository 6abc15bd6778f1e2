import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { thisMachine, type Machine } from './machine.js';
import type { CommonOptions } from './options.js';
import { median, rounded } from './statistics.js';

/** Figures by name; the unit is the end of the name: `coldCpuMs`, `rssMiB`. */
export type Figures = Readonly<Record<string, number>>;

/** One thing that was measured, several times. */
export interface MeasuredCase {
  /** What was measured: `{ targets: 1000, strategy: 'per-node' }`. */
  readonly of: Readonly<Record<string, string | number>>;
  /** Of all runs. */
  readonly medians: Figures;
  readonly runs: readonly Figures[];
}

/** A file of `bench/results`. */
export interface Report {
  readonly bench: string;
  readonly at: string;
  /** Only to see that the bench runs: the figures mean nothing. */
  readonly isQuick: boolean;
  readonly machine: Machine;
  /** Who else used the machine: its load average over the minute before. On a quiet one it is near 0. */
  readonly loadBefore: number;
  readonly cases: readonly MeasuredCase[];
}

export const committedResults = fileURLToPath(new URL('../results/', import.meta.url));

/** Collects what a bench measures. Written after each case, so that what took hours is not lost with the last one. */
export class ReportFile {
  readonly #added: MeasuredCase[] = [];
  readonly #at = new Date().toISOString();
  readonly #loadBefore = rounded(loadavg()[0] ?? 0);

  private constructor(
    private readonly bench: string,
    private readonly options: CommonOptions,
    private readonly earlier: readonly MeasuredCase[],
  ) {}

  /** @throws Error when cases of another machine would be mixed with those of this one. */
  static async open(bench: string, options: CommonOptions): Promise<ReportFile> {
    const earlier = options.keepsOthers ? await readReport(options.results, bench) : undefined;
    if (earlier !== undefined && !isDeepStrictEqual(earlier.machine, thisMachine())) {
      throw new Error(`${bench}: --keep would mix machines: ${describe(earlier.machine)}`);
    }
    return new ReportFile(bench, options, earlier?.cases ?? []);
  }

  async add(of: MeasuredCase['of'], runs: readonly Figures[]): Promise<MeasuredCase> {
    const added = { of, medians: mediansOf(runs), runs: runs.map(roundedAll) };
    this.#added.push(added);
    await this.#write();
    return added;
  }

  print(): void {
    console.log(`${this.bench}: medians of all runs, on ${describe(thisMachine())}`);
    for (const cases of casesByKind(this.#added)) {
      console.table(cases.map(({ of, medians }) => ({ ...of, ...medians })));
    }
    console.log(`written to ${this.#path}`);
  }

  get #path(): string {
    return join(this.options.results, `${this.bench}.json`);
  }

  async #write(): Promise<void> {
    const kept = this.earlier.filter(
      ({ of }) => !this.#added.some((one) => isDeepStrictEqual(one.of, of)),
    );
    const report: Report = {
      bench: this.bench,
      at: this.#at,
      isQuick: this.options.isQuick,
      machine: thisMachine(),
      loadBefore: this.#loadBefore,
      cases: [...kept, ...this.#added],
    };
    await mkdir(this.options.results, { recursive: true });
    await writeFile(this.#path, `${JSON.stringify(report, undefined, 2)}\n`);
  }
}

/** What a bench has written; `undefined`: it was never run. */
export async function readReport(folder: string, bench: string): Promise<Report | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, `${bench}.json`), 'utf8')) as Report;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Cases that are described by the same words belong in one table. */
export function casesByKind(cases: readonly MeasuredCase[]): readonly (readonly MeasuredCase[])[] {
  const kinds = new Map<string, MeasuredCase[]>();
  for (const measured of cases) {
    const kind = Object.keys(measured.of).join(' ');
    kinds.set(kind, [...(kinds.get(kind) ?? []), measured]);
  }
  return [...kinds.values()];
}

export function describe({ cpu, cores, memoryMiB, node, platform }: Machine): string {
  const memory = `${String(Math.round(memoryMiB / 1024))} GiB of memory`;
  return `${cpu}, ${String(cores)} cores, ${memory}, ${platform}, Node ${node}`;
}

/** A figure that not every run has counts in those that have it. */
function mediansOf(runs: readonly Figures[]): Figures {
  const names = new Set(runs.flatMap((run) => Object.keys(run)));
  return Object.fromEntries(
    [...names].map((name) => {
      const values = runs.map((run) => run[name]).filter((value) => value !== undefined);
      return [name, rounded(median(values))];
    }),
  );
}

function roundedAll(run: Figures): Figures {
  return Object.fromEntries(Object.entries(run).map(([name, value]) => [name, rounded(value)]));
}
