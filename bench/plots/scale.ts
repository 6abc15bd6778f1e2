export interface Axis {
  /** What it is and in which unit: `resident memory, MiB`. */
  readonly label: string;
  /** For values that span decades. */
  readonly isLog: boolean;
}

/** Where values lie on an axis. */
export interface Scale {
  readonly ticks: readonly number[];
  /** 0 at the axis' begin, 1 at its end. */
  at(value: number): number;
}

const wantedTicks = 5;

/** A linear axis begins with 0, so that heights can be compared; a logarithmic one shows whole decades. */
export function scaleOf({ isLog }: Axis, values: readonly number[]): Scale {
  return isLog ? logScale(values.filter((value) => value > 0)) : linearScale(values);
}

function logScale(values: readonly number[]): Scale {
  const first = Math.floor(Math.log10(Math.min(...values)));
  const last = Math.max(first + 1, Math.ceil(Math.log10(Math.max(...values))));
  const decades = Array.from({ length: last - first + 1 }, (_, n) => 10 ** (first + n));
  // Of one or two decades alone, nobody could read a value between them.
  const between = last - first <= 2 ? [1, 2, 5] : [1];
  return {
    ticks: decades
      .flatMap((decade) => between.map((step) => step * decade))
      .filter((tick) => tick <= 10 ** last),
    at: (value) => (Math.log10(value) - first) / (last - first),
  };
}

function linearScale(values: readonly number[]): Scale {
  const step = roundStep(Math.max(...values, Number.MIN_VALUE) / wantedTicks);
  const steps = Math.max(1, Math.ceil(Math.max(...values) / step));
  return {
    ticks: Array.from({ length: steps + 1 }, (_, n) => n * step),
    at: (value) => value / (steps * step),
  };
}

/** 1, 2 or 5 times a power of ten: what people count in. */
function roundStep(least: number): number {
  const decade = 10 ** Math.floor(Math.log10(least));
  return decade * ([1, 2, 5, 10].find((step) => step * decade >= least) ?? 10);
}

/** 0.001, 20, 5k, 1M. */
export function tickText(value: number): string {
  if (value >= 1e6) return `${text(value / 1e6)}M`;
  if (value >= 1e3) return `${text(value / 1e3)}k`;
  return text(value);
}

function text(value: number): string {
  return String(Number(value.toPrecision(3)));
}
