import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../fixtures/eventually.js';
import { isOpensslAvailable } from '../../fixtures/test-authority.js';
import { helm, renderChart, repository, theOnly } from './chart.js';
import { dashboardFile, expressionsOf, type Panel, readDashboard } from './dashboard.js';
import { FullAllocator } from './full-allocator.js';
import { exportedNames, metricNames } from './metric-names.js';
import {
  alertRules,
  alertTests,
  checkExpressions,
  promtool,
  rulesFile,
  runPromtool,
} from './rule-files.js';
import { prometheus, WatchingPrometheus } from './watching-prometheus.js';

const rules = alertRules();
const dashboard = readDashboard();
const rows = dashboard.panels.filter(({ type }) => type === 'row');
const panels = dashboard.panels.filter(({ type }) => type !== 'row');

describe('alert rules', () => {
  it.skipIf(promtool === undefined)('are taken by Prometheus without a remark', async () => {
    const said = await runPromtool('check', 'rules', '--lint=all', '--lint-fatal', rulesFile);
    expect(said).toContain(`SUCCESS: ${String(rules.length)} rules found`);
  });

  it.skipIf(promtool === undefined)('fire when they should, and only then', async () => {
    expect(await runPromtool('test', 'rules', 'tests.yaml')).toContain('SUCCESS');
  });

  it('are each seen firing and not firing in those tests', () => {
    const tests = alertTests();
    const seen = (isFiring: boolean): readonly string[] =>
      tests
        .filter(({ exp_alerts }) => exp_alerts.length > 0 === isFiring)
        .map(({ alertname }) => alertname);
    const names = rules.map(({ alert }) => alert);
    expect(new Set(seen(true))).toEqual(new Set(names));
    expect(new Set(seen(false))).toEqual(new Set(names));
  });

  it.each(rules)('say how urgent $alert is, how long it lasts and where to read on', (rule) => {
    expect(rule.labels?.['severity']).toMatch(/^(?:critical|warning)$/);
    expect(rule.for).toMatch(/^[1-9]\d*[mh]$/);
    expect(rule.annotations).toEqual({
      summary: expect.stringMatching(/^[A-Z][^.]+$/),
      description: expect.stringContaining('$labels'),
      runbook_url: `docs/runbooks/${rule.alert}.md`,
    });
  });

  it('have a page each, and every page is of an alert', () => {
    const folder = join(repository, 'docs/runbooks');
    const names = [...new Set(rules.map(({ alert }) => alert))];
    const pages = names.map((name) => `${name}.md`);
    expect(readdirSync(folder).toSorted()).toEqual(['README.md', ...pages].toSorted());
    const textOf = (page: string): string => readFileSync(join(folder, page), 'utf8');
    for (const name of names) {
      expect(textOf(`${name}.md`).split('\n')[0]).toBe(`# ${name}`);
      expect(textOf('README.md')).toContain(`[${name}](${name}.md)`);
    }
  });

  it.skipIf(helm === undefined)('come with the chart, with links to the given place', async () => {
    const runbookUrl = 'https://runbooks.example.org/ta/';
    const prometheusRule = { enabled: true, labels: { prometheus: 'main' }, runbookUrl };
    const rendered = theOnly(await renderChart({ prometheusRule }), 'PrometheusRule');
    expect(rendered.metadata.labels).toMatchObject(prometheusRule.labels);
    const placed = rules.map((rule) => ({
      ...rule,
      annotations: { ...rule.annotations, runbook_url: `${runbookUrl}${rule.alert}.md` },
    }));
    expect(rendered.spec).toEqual({ groups: [{ name: 'target-allocator', rules: placed }] });
  });
});

describe('the dashboard', () => {
  it('is one that Grafana 10 reads, for any data source, namespace and pod', () => {
    expect(dashboard.schemaVersion).toBe(38);
    expect(dashboard.templating.list.map(({ name, type }) => [name, type])).toEqual([
      ['datasource', 'datasource'],
      ['namespace', 'query'],
      ['pod', 'query'],
    ]);
  });

  it('has panels that can be told apart', () => {
    const unique = (values: readonly unknown[]): void => {
      expect(new Set(values).size).toBe(values.length);
    };
    unique(dashboard.panels.map(({ id }) => id));
    unique(dashboard.panels.map(({ title }) => title));
    expect(rows.map(({ title }) => title)).toEqual([
      'Overview',
      'Changes',
      'Discovery',
      'Custom resources',
      'Kubernetes informers',
      'HTTP',
      'Process',
      'Replicas and restarts',
    ]);
  });

  it.each(panels)('says what $title shows, in which unit, of the chosen pods', (panel) => {
    expect(panel.description).toMatch(/\.$/);
    expect(panel.fieldConfig?.defaults.unit).toMatch(/^\w+$/);
    expect(panel.datasource).toEqual({ type: 'prometheus', uid: '${datasource}' });
    const queries = panel.targets ?? [];
    expect(new Set(queries.map(({ refId }) => refId)).size).toBe(queries.length);
    expect(queries).not.toEqual([]);
    for (const { expr } of queries) {
      expect(expr).toContain('{namespace=~"$namespace", pod=~"$pod"');
    }
  });

  it('lays no panel over another', () => {
    const cells = dashboard.panels.flatMap(cellsOf);
    expect(new Set(cells).size).toBe(cells.length);
  });

  it.skipIf(promtool === undefined)('asks in PromQL', async () => {
    const expressions = expressionsOf(panels);
    expect(await checkExpressions(expressions)).toContain(
      `SUCCESS: ${String(expressions.length)} rules found`,
    );
  });

  it.skipIf(helm === undefined)('comes with the chart as it is', async () => {
    const objects = await renderChart({ dashboard: { enabled: true } });
    const [map] = objects.filter(({ metadata }) => metadata.name.endsWith('-dashboard'));
    expect(map?.metadata.labels).toMatchObject({ grafana_dashboard: '1' });
    expect(JSON.parse(map?.data?.['target-allocator.json'] ?? '')).toEqual(
      JSON.parse(readFileSync(dashboardFile, 'utf8')),
    );
  });
});

/** The squares of Grafana's grid that a panel covers. */
function cellsOf({ gridPos: { x, y, w, h } }: Panel): readonly string[] {
  return Array.from(
    { length: w * h },
    (_, at) => `${String(x + (at % w))}/${String(y + Math.floor(at / w))}`,
  );
}

const twoScrapes =
  'count_over_time(opentelemetry_allocator_targets_remaining[1m]) > 1 and on (job) prometheus_sd_refresh_failures_total > 1';

/** What an allocator without custom resources, plugins and faults has no series of. */
const panelsWithoutSeries = [
  'Resources',
  'Rejections',
  'Kinds that are watched',
  'Secrets and ConfigMaps',
  'Missing rights',
  'Refused clients',
];

function exprOf(alert: string): string {
  return rules.find((rule) => rule.alert === alert)?.expr ?? '';
}

describe.skipIf(!isOpensslAvailable)('a running allocator', () => {
  let allocator: FullAllocator;

  beforeAll(async () => {
    allocator = await FullAllocator.start();
  });
  afterAll(() => allocator.stop());

  it.each([
    ['the alerts', rules.map(({ expr }) => expr)],
    ['the dashboard', expressionsOf(panels)],
  ])('has every metric that %s look at', async (_, expressions) => {
    const asked = new Set(expressions.flatMap((expression) => [...metricNames(expression)]));
    expect(asked.size).toBeGreaterThan(10);
    await eventually('every metric is there', async () => {
      const exported = exportedNames(await allocator.metrics());
      const missing = [...asked].filter((name) => !exported.has(name));
      if (missing.length > 0) throw new Error(`missing: ${missing.join(', ')}`);
      return true;
    });
  });

  describe.skipIf(prometheus === undefined)('and a real Prometheus that scrapes it', () => {
    let watching: WatchingPrometheus;

    beforeAll(async () => {
      watching = await WatchingPrometheus.start(allocator.allocator.port);
      await eventually('it has scraped twice', async () => {
        const [found] = await watching.select(twoScrapes);
        return found;
      });
    });
    afterAll(() => watching.stop());

    it('find fault with the API server and the HTTP server that are not there, and with nothing else', async () => {
      await eventually('both are found', async () => {
        const failing = await watching.select(exprOf('TargetAllocatorDiscoveryFailing'));
        expect(failing).toMatchObject([{ mechanism: 'http', config: 'http', pod: 'ta-0' }]);
        const stale = await watching.select(exprOf('TargetAllocatorInformerStale'));
        expect(stale).toMatchObject([{ resource: 'pods', pod: 'ta-0' }]);
        return true;
      });
      for (const { alert, expr } of rules) {
        // On a busy machine it may be late.
        if (/(?:DiscoveryFailing|InformerStale|EventLoopLag)$/.test(alert)) continue;
        expect([alert, await watching.select(expr)]).toEqual([alert, []]);
      }
    });

    it('evaluate every rule', async () => {
      await eventually('all are evaluated', async () => {
        const health = await watching.ruleHealth();
        expect(health).toEqual(rules.map(() => 'ok'));
        return true;
      });
    });

    it('answer every query of the dashboard, with series where it has some', async () => {
      await eventually('nothing else is without series', async () => {
        const silent: string[] = [];
        for (const panel of panels) {
          const queries = expressionsOf([panel]).map((expression) => watching.select(expression));
          if ((await Promise.all(queries)).every(({ length }) => length === 0)) {
            silent.push(panel.title);
          }
        }
        expect(silent).toEqual(panelsWithoutSeries);
        return true;
      });
    });
  });
});
