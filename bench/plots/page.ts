import { describe, type Report } from '../measure/report.js';
import { table } from './table.js';

/**
 * A place in the page that is filled from results:
 *
 *   <!-- table core of=targets where=rules:one columns=coldCpuMs,coldWallMs -->
 *   <!-- /table -->
 *
 * `of` tells the kinds of cases of one report apart: it is the first thing that they say of themselves.
 */
const places = /<!-- table (\S+) ([^>]*?) ?-->[^]*?<!-- \/table -->/g;

/** The page with its tables made anew; the prose between them stays as it is. */
export function filledPage(page: string, reports: ReadonlyMap<string, Report>): string {
  return page.replace(places, (_place, bench: string, settings: string) => {
    const content = [`<!-- table ${bench} ${settings} -->`, ''];
    content.push(contentOf(reports.get(bench), settingsOf(settings)), '', '<!-- /table -->');
    return content.join('\n');
  });
}

function settingsOf(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split(/\s+/).map((setting) => {
      const [name = '', value = ''] = setting.split('=');
      return [name, value];
    }),
  );
}

function contentOf(report: Report | undefined, settings: ReadonlyMap<string, string>): string {
  if (report === undefined) return 'Not measured yet.';
  const kind = settings.get('of');
  const [name, value] = settings.get('where')?.split(':') ?? [];
  const cases = report.cases
    .filter(({ of }) => Object.keys(of)[0] === kind)
    .filter(({ of }) => name === undefined || String(of[name]) === value);
  const columns = settings.get('columns')?.split(',') ?? [];
  const measured = [
    `Measured ${report.at.slice(0, 10)}: ${describe(report.machine)}`,
    `load average ${String(report.loadBefore)} before.`,
  ].join('; ');
  return `${table(cases, columns)}\n\n${measured}`;
}
