import { scaleOf, type Axis } from './scale.js';
import { colourOf, document, element, legend, xAxis, xOf, yAxis, yOf } from './svg.js';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Line {
  readonly name: string;
  /** In the order of `x`. */
  readonly points: readonly Point[];
}

export interface LineChart {
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly lines: readonly Line[];
}

/** How a figure grows with another. */
export function lineChart({ title, x, y, lines }: LineChart): string {
  const points = lines.flatMap((line) => line.points);
  const xScale = scaleOf(
    x,
    points.map((point) => point.x),
  );
  const yScale = scaleOf(
    y,
    points.map((point) => point.y),
  );
  const drawn = lines.map((line, n) => {
    const colour = colourOf(n);
    const places = line.points
      // What costs nothing that can be measured has no place on a logarithmic axis.
      .filter((point) => !y.isLog || point.y > 0)
      .map((point) => [xOf(xScale, point.x), yOf(yScale, point.y)] as const);
    const dots = places.map(([cx, cy]) => element('circle', { cx, cy, r: 4, fill: colour }));
    const path = places.map((place) => place.join(',')).join(' ');
    const style = { fill: 'none', stroke: colour, 'stroke-width': 2 };
    return [element('polyline', { points: path, ...style }), ...dots].join('\n');
  });
  const names = lines.map(({ name }) => name);
  return document(title, [...xAxis(x, xScale), ...yAxis(y, yScale), ...legend(names), ...drawn]);
}
