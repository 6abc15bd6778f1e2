import { scaleOf, type Axis } from './scale.js';
import { colourOf, document, element, field, legend, text, xLabel, yAxis, yOf } from './svg.js';

export interface BarGroup {
  readonly name: string;
  /** By the name of the series. */
  readonly values: ReadonlyMap<string, number>;
}

export interface BarChart {
  readonly title: string;
  readonly x: string;
  readonly y: Axis;
  readonly groups: readonly BarGroup[];
}

/** The share of a group's width that its bars take. */
const filled = 0.75;

/** Figures of different things, side by side. */
export function barChart({ title, x, y, groups }: BarChart): string {
  const series = [...new Set(groups.flatMap(({ values }) => [...values.keys()]))];
  const scale = scaleOf(
    y,
    groups.flatMap(({ values }) => [...values.values()]),
  );
  const groupWidth = (field.right - field.left) / groups.length;
  const barWidth = (groupWidth * filled) / series.length;
  const drawn = groups.map(({ name, values }, n) => {
    const left = field.left + n * groupWidth;
    const bars = series.map((one, i) => {
      const top = yOf(scale, values.get(one) ?? 0);
      return element('rect', {
        x: Math.round(left + (groupWidth * (1 - filled)) / 2 + i * barWidth),
        y: top,
        width: Math.round(barWidth) - 2,
        height: field.bottom - top,
        fill: colourOf(i),
      });
    });
    const middle = Math.round(left + groupWidth / 2);
    return [...bars, text({ x: middle, y: field.bottom + 20, 'text-anchor': 'middle' }, name)].join(
      '\n',
    );
  });
  return document(title, [...yAxis(y, scale), xLabel(x), ...legend(series), ...drawn]);
}
