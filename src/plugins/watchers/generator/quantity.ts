/** Powers of ten, except for the binary suffixes. */
const decimalSuffixes = new Map([
  ['n', -9],
  ['u', -6],
  ['m', -3],
  ['', 0],
  ['k', 3],
  ['M', 6],
  ['G', 9],
  ['T', 12],
  ['P', 15],
  ['E', 18],
]);
const binarySuffixes = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const longest = 64;
/** A nano, as a power of ten. */
const finest = -9;
/** What has been divided by so many tens is one nano at most, however many more there are. */
const mostDigits = 100;

/**
 * A Kubernetes quantity (`1.1`, `1100m`, `2Ki`, `1e3`) as a number; `undefined` for a text that is none.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function quantity(text: string): number | undefined {
  if (text.length > longest) return undefined;
  const parts = /^([+-]?)(\d*)(?:\.(\d*))?([a-zA-Z]*|[eE][+-]?\d+)$/.exec(text);
  const [, sign, whole = '', fraction = '', suffix = ''] = parts ?? [];
  if (whole + fraction === '') return undefined;
  const size = unsigned(BigInt(whole + fraction), fraction.length, suffix);
  return size === undefined || sign !== '-' ? size : -size;
}

function unsigned(digits: bigint, decimals: number, suffix: string): number | undefined {
  const power = decimalPower(suffix);
  if (power !== undefined) return scaled(digits, power - decimals);
  const binary = binarySuffixes.indexOf(suffix);
  if (binary < 0) return undefined;
  const units = digits * 1024n ** BigInt(binary + 1);
  return decimals === 0 ? Number(units) : inNanos(units, -decimals);
}

function decimalPower(suffix: string): number | undefined {
  const power = decimalSuffixes.get(suffix);
  if (power !== undefined) return power;
  const exponent = /^[eE]([+-]?\d+)$/.exec(suffix);
  return exponent === null ? undefined : Number(exponent[1]);
}

/** The digits as a whole number, scaled at the end, as Go computes it. */
function scaled(digits: bigint, power: number): number {
  if (power === 0) return Number(digits);
  if (power >= finest) return Number(digits) * powerOfTen(power);
  return inNanos(digits, power);
}

/** By way of whole nanos, as Go computes what it does not take for simple; what is finer is rounded up. */
function inNanos(digits: bigint, power: number): number {
  const shift = 10n ** BigInt(Math.min(Math.abs(power - finest), mostDigits));
  const nanos = power >= finest ? digits * shift : (digits + shift - 1n) / shift;
  return Number(nanos) * powerOfTen(finest);
}

/**
 * Rounded as Go rounds it.
 *
 * @see https://go.dev/src/math/pow10.go
 */
function powerOfTen(power: number): number {
  const small = Number(`1e${String(Math.abs(power) % 32)}`);
  const large = Number(`1e${String(Math.trunc(power / 32) * 32)}`);
  return power < 0 ? large / small : large * small;
}
