import type { MeasuredCase } from '../measure/report.js';

const units: ReadonlyMap<string, string> = new Map([
  ['Ms', 'ms'],
  ['Us', 'µs'],
  ['MiB', 'MiB'],
  ['MB', 'MB'],
  ['Percent', '%'],
]);
const spelledOtherwise: ReadonlyMap<string, string> = new Map([
  ['cpu', 'CPU'],
  ['rss', 'RSS'],
  ['get', 'GET'],
  ['livez', '`/livez`'],
  ['us', 'µs'],
]);

/** Cases as a table in Markdown. What is the same for all of them is said before it. */
export function table(cases: readonly MeasuredCase[], columns: readonly string[]): string {
  const [first] = cases;
  if (first === undefined) return 'Not measured yet.';
  const told = Object.keys(first.of);
  const common = told.filter((name) => cases.every(({ of }) => of[name] === first.of[name]));
  const shared = cases.length === 1 ? [] : common;
  const varying = told.filter((name) => !shared.includes(name));
  const head = [...varying, ...columns].map(heading);
  const rows = cases.map(({ of, medians }) => [
    ...varying.map((name) => grouped(of[name])),
    ...columns.map((name) => grouped(medians[name])),
  ]);
  const align = [...varying.map(() => '---'), ...columns.map(() => '--:')];
  const lines = [head, align, ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  const constants = shared.map((name) => `${heading(name)}: ${grouped(first.of[name])}`);
  return [...(shared.length === 0 ? [] : [`${constants.join('; ')}.`, '']), ...lines].join('\n');
}

/** `coldCpuMs` → `cold CPU, ms`. */
export function heading(name: string): string {
  const unit = [...units.keys()].find((end) => name.endsWith(end));
  const words = (unit === undefined ? name : name.slice(0, -unit.length))
    .split(/(?=[A-Z])/)
    .map((word) => spelledOtherwise.get(word.toLowerCase()) ?? word.toLowerCase());
  return words.join(' ') + (unit === undefined ? '' : `, ${String(units.get(unit))}`);
}

function grouped(value: string | number | undefined): string {
  if (value === undefined) return '';
  return typeof value === 'string'
    ? value
    : value.toLocaleString('en', { maximumSignificantDigits: value < 100 ? 3 : 21 });
}
