import { copyFile, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { median } from '../../../bench/measure/statistics.js';
import { readReport, type MeasuredCase, type Report } from '../../../bench/measure/report.js';
import { allocatorCommand } from '../../fixtures/allocator.js';
import { isClusterAvailable } from '../../fixtures/cluster/cluster.js';
import { isLongRun } from '../../fixtures/long-run.js';
import { runProgram } from '../../fixtures/run-program.js';

const repository = resolve(import.meta.dirname, '../../..');

/** The figures mean nothing: what is shown is that each bench measures something, and writes it down as it should. */
describe('npm run bench -- --quick', { timeout: 600_000 }, () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bench-quick-'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  const bench = (...args: readonly string[]): Promise<string> =>
    runProgram(
      process.execPath,
      ['--import', './bench/typescript.mjs', 'bench/main.ts', ...args, '--results', folder],
      repository,
    );

  it('measures the engine with every set of rules and every strategy', async () => {
    await bench('core', '--quick', '--rules', 'one', '--strategy', 'per-node');
    if (isLongRun) await bench('core', '--quick', '--keep');
    const { cases } = await soundReport('core');
    expect(cases).toHaveLength(isLongRun ? 9 : 1);
    expect(medianNames(cases)).toEqual(
      expect.arrayContaining([
        ...['coldCpuMs', 'coldWallMs', 'changeCpuMs', 'changeWallMs', 'renderCpuMs'],
        ...['renderWallMs', 'heapBytesPerTarget', 'rssBytesPerTarget'],
      ]),
    );
  });

  it('measures the process', async () => {
    await bench('process', '--quick', '--runs', '2');
    const { cases } = await soundReport('process');
    expect(cases.map(({ of }) => of['side'])).toEqual(['ours']);
    expect(cases[0]?.runs).toHaveLength(2);
    expect(medianNames(cases)).toEqual(expect.arrayContaining(processFigures));
  });

  it.runIf(isClusterAvailable && isLongRun)(
    'measures another allocator in turn with ours',
    async () => {
      // Against itself: the other side only has to be a command with the same flags.
      const { command, args } = allocatorCommand();
      await bench('process', '--quick', '--against', [command, ...args].join(' '));
      const { cases } = await soundReport('process');
      expect(cases.map(({ of }) => of['side'])).toEqual(['against', 'ours', 'ratio']);
      const [against, ours, ratio] = cases;
      const peak = (measured?: MeasuredCase): number => measured?.medians['peakRssMiB'] ?? NaN;
      expect(peak(ratio)).toBeCloseTo(peak(ours) / peak(against), 1);
    },
  );

  it('measures requests, a fleet of collectors and a cold start', async () => {
    await bench('http', '--quick');
    const { cases } = await soundReport('http');
    const kinds = cases.map(({ of }) => Object.keys(of)[0]);
    expect(new Set(kinds)).toEqual(new Set(['load', 'fleet', 'coldStart']));
    expect(medianNames(cases.slice(-1))).toEqual(
      expect.arrayContaining(['livezP99Ms', 'loopDelayP50Ms', 'loopDelayP99Ms']),
    );
  });

  it('measures a start', async () => {
    await bench('startup', '--quick');
    const { cases } = await soundReport('startup');
    expect(medianNames(cases)).toEqual(['listeningMs', 'cpuMs', 'rssMiB']);
  });

  it.runIf(isClusterAvailable && isLongRun)('measures pods and custom resources', async () => {
    await bench('kubernetes', '--quick');
    expect((await soundReport('kubernetes')).cases).toHaveLength(2);
    await bench('custom-resources', '--quick');
    expect((await soundReport('custom-resources')).cases).toHaveLength(1);
  });

  it('draws plots and fills the tables of the page from what was measured', async () => {
    await copyFile(join(repository, 'docs/performance.md'), join(folder, 'performance.md'));
    await bench('plots', '--docs', folder);
    const drawn = await readdir(join(folder, 'performance'));
    const page = await readFile(join(folder, 'performance.md'), 'utf8');
    const shown = [...page.matchAll(/\]\(performance\/([\w-]+\.svg)\)/g)].map(([, name]) => name);
    expect(drawn.toSorted()).toEqual(shown.toSorted());
    for (const name of drawn) {
      const svg = await readFile(join(folder, 'performance', name), 'utf8');
      expect(svg, name).not.toMatch(/NaN|Infinity|undefined/);
    }
    const { cases } = await soundReport('startup');
    expect(page).toContain(`| ${String(cases[0]?.medians['listeningMs']?.toLocaleString('en'))} |`);
  });

  async function soundReport(name: string): Promise<Report> {
    const report = await readReport(folder, name);
    if (report === undefined) throw new Error(`${name} has written nothing`);
    expect(report).toMatchObject({ bench: name, isQuick: true });
    expect(report.machine).toMatchObject({ node: process.version, cores: expect.any(Number) });
    expect(report.loadBefore).toBeGreaterThanOrEqual(0);
    for (const { medians, runs } of report.cases) {
      for (const [figure, value] of Object.entries(medians)) {
        expect(value, figure).toBeTypeOf('number');
        const ofRuns = runs.map((run) => run[figure]).filter((each) => each !== undefined);
        expect(value, figure).toBe(median(ofRuns));
      }
    }
    return report;
  }
});

const processFigures = [
  ...['coldCpuMs', 'coldServedMs', 'settledRssMiB', 'peakRssMiB', 'changeCpuMs', 'changeServedMs'],
  ...['getTargetsMs', 'getJobsMs', 'idleCpuPercent', 'listeningMs', 'startCpuMs', 'startRssMiB'],
];

function medianNames(cases: readonly MeasuredCase[]): readonly string[] {
  return Object.keys(cases[0]?.medians ?? {});
}
