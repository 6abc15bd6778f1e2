import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chartFolder } from './chart.js';

interface Query {
  readonly expr: string;
  readonly refId: string;
}

/** As much of a panel as tests look at; a row is one without queries. */
export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly datasource?: { readonly type: string; readonly uid: string };
  readonly fieldConfig?: { readonly defaults: { readonly unit?: string } };
  readonly gridPos: {
    readonly x: number;
    readonly y: number;
    readonly w: number;
    readonly h: number;
  };
  readonly targets?: readonly Query[];
}

export interface Dashboard {
  readonly uid: string;
  readonly schemaVersion: number;
  readonly panels: readonly Panel[];
  readonly templating: {
    readonly list: readonly { readonly name: string; readonly type: string }[];
  };
}

export const dashboardFile = join(chartFolder, 'dashboards/target-allocator.json');

export function readDashboard(): Dashboard {
  return JSON.parse(readFileSync(dashboardFile, 'utf8')) as Dashboard;
}

/** The queries as Grafana sends them, with values for its variables. */
export function expressionsOf(panels: readonly Panel[]): readonly string[] {
  return panels
    .flatMap(({ targets = [] }) => targets)
    .map(({ expr }) =>
      expr.replaceAll('$__rate_interval', '5m').replaceAll(/"\$(?:namespace|pod)"/g, '".*"'),
    );
}
