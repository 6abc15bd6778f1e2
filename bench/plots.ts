import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { benchOptions } from './measure/options.js';
import { readReport, type MeasuredCase, type Report } from './measure/report.js';
import { barChart } from './plots/bar-chart.js';
import { lineChart, type Line } from './plots/line-chart.js';
import { filledPage } from './plots/page.js';
import type { Axis } from './plots/scale.js';

const docs = fileURLToPath(new URL('../docs/', import.meta.url));
const reported = ['core', 'process', 'http', 'startup', 'kubernetes', 'custom-resources'];
const targets: Axis = { label: 'targets', isLog: true };

/**
 * Draws the plots of docs/performance.md and fills its tables from the results, so that no figure is typed by hand.
 *
 *   npm run bench -- plots [--results <folder>] [--docs <folder>]
 */
export async function drawPlots(args: readonly string[]): Promise<void> {
  const { given, results, isQuick } = benchOptions(args, ['docs']);
  if (isQuick && given.docs === undefined) {
    console.log('plots: left out, quick figures belong in no page');
    return;
  }
  const folder = given.docs ?? docs;
  const reports = new Map<string, Report>();
  for (const bench of reported) {
    const report = await readReport(results, bench);
    if (report !== undefined) reports.set(bench, report);
  }
  await mkdir(`${folder}/performance`, { recursive: true });
  for (const [name, svg] of plotsOf(reports))
    await writeFile(`${folder}/performance/${name}.svg`, svg);
  const page = `${folder}/performance.md`;
  await writeFile(page, filledPage(await readFile(page, 'utf8'), reports));
  console.log(`drawn into ${folder}`);
}

function plotsOf(reports: ReadonlyMap<string, Report>): ReadonlyMap<string, string> {
  const casesOf = (bench: string): readonly MeasuredCase[] => reports.get(bench)?.cases ?? [];
  return new Map([
    ...(reports.has('core') ? corePlots(casesOf('core')) : []),
    ...(reports.has('process') ? processPlots(casesOf('process')) : []),
    ...(reports.has('http') ? httpPlots(casesOf('http')) : []),
  ]);
}

function corePlots(cases: readonly MeasuredCase[]): readonly (readonly [string, string])[] {
  const hashed = cases.filter(({ of }) => of['strategy'] === 'consistent-hashing');
  const eleven = cases.filter(({ of }) => of['rules'] === 'eleven');
  const both = hashed.filter(({ of }) => of['rules'] === 'eleven');
  const cold = lineChart({
    title: 'The engine: all groups placed, by relabel rules',
    x: targets,
    y: { label: 'CPU time, ms', isLog: true },
    lines: linesBy(hashed, 'rules', 'coldCpuMs'),
  });
  const change = lineChart({
    title: 'The engine: one target changed, by strategy',
    x: targets,
    y: { label: 'CPU time, ms', isLog: true },
    lines: linesBy(eleven, 'strategy', 'changeCpuMs'),
  });
  const memory = lineChart({
    title: 'The engine: memory of a target with 20 labels, 11 rules',
    x: targets,
    y: { label: 'bytes per target', isLog: true },
    lines: [line('heap', both, 'heapBytesPerTarget'), line('RSS', both, 'rssBytesPerTarget')],
  });
  return [
    ['core-cold', cold],
    ['core-change', change],
    ['core-memory', memory],
  ];
}

function processPlots(cases: readonly MeasuredCase[]): readonly (readonly [string, string])[] {
  const hashed = cases.filter(({ of }) => of['strategy'] === 'consistent-hashing');
  const sides = groupedBy(hashed, 'side');
  const plot = (title: string, label: string, figures: Readonly<Record<string, string>>): string =>
    lineChart({
      title,
      x: targets,
      y: { label, isLog: true },
      lines: [...sides].flatMap(([side, ofSide]) =>
        side === 'ratio'
          ? []
          : Object.entries(figures).map(([name, key]) => line(`${side}: ${name}`, ofSide, key)),
      ),
    });
  const cpu = { start: 'coldCpuMs', 'a change': 'changeCpuMs' };
  const memory = { settled: 'settledRssMiB', peak: 'peakRssMiB' };
  const latency = { 'change served': 'changeServedMs', 'GET /jobs': 'getJobsMs' };
  return [
    ['process-cpu', plot('The process: CPU time', 'CPU time, ms', cpu)],
    ['process-memory', plot('The process: resident memory', 'RSS, MiB', memory)],
    ['process-latency', plot('The process: how long it takes', 'time, ms', latency)],
  ];
}

function httpPlots(cases: readonly MeasuredCase[]): readonly (readonly [string, string])[] {
  const loads = cases.filter(({ of }) => of['load'] !== undefined);
  const groups = [...groupedBy(loads, 'load')].map(([name, ofLoad]) => ({
    name,
    values: new Map(
      ofLoad.map(({ of, medians }) => [String(of['kind']), medians['cpuUsPerRequest'] ?? 0]),
    ),
  }));
  const y = { label: 'CPU time per request, µs', isLog: false };
  const title = 'HTTP: what one answer costs the allocator';
  return [['http-load', barChart({ title, x: 'what is asked for', y, groups })]];
}

function linesBy(cases: readonly MeasuredCase[], name: string, figure: string): readonly Line[] {
  return [...groupedBy(cases, name)].map(([value, group]) => line(value, group, figure));
}

function line(name: string, cases: readonly MeasuredCase[], figure: string): Line {
  const points = cases.map(({ of, medians }) => ({
    x: Number(of['targets']),
    y: medians[figure] ?? 0,
  }));
  return { name, points: points.toSorted((a, b) => a.x - b.x) };
}

function groupedBy(
  cases: readonly MeasuredCase[],
  name: string,
): ReadonlyMap<string, readonly MeasuredCase[]> {
  const groups = new Map<string, MeasuredCase[]>();
  for (const measured of cases) {
    const key = String(measured.of[name]);
    groups.set(key, [...(groups.get(key) ?? []), measured]);
  }
  return groups;
}
