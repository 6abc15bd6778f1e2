/** In the order in which we prefer them where a client does not care. */
const offered = ['br', 'gzip'] as const;

export type Compression = (typeof offered)[number];
export type Encoding = Compression | 'identity';

/**
 * Chooses how an answer is sent. Without the header, and where nothing on offer is welcome, it is sent as it is.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-accept-encoding
 */
export function chooseEncoding(header: string | undefined): Encoding {
  if (header === undefined) return 'identity';
  // What Go's clients send, and so each collector with each poll.
  if (header === 'gzip') return 'gzip';
  const weights = weightsOf(header);
  const weightOf = (coding: Encoding): number =>
    weights.get(coding) ??
    (coding === 'gzip' ? weights.get('x-gzip') : undefined) ??
    weights.get('*') ??
    0;
  let best: Encoding = 'identity';
  // Whoever names codings wants them; only an explicit weight speaks for sending the answer as it is.
  let bestWeight = weights.get('identity') ?? 0;
  for (const coding of offered) {
    const weight = weightOf(coding);
    if (weight > bestWeight || (weight === bestWeight && weight > 0 && best === 'identity')) {
      best = coding;
      bestWeight = weight;
    }
  }
  return best;
}

function weightsOf(header: string): ReadonlyMap<string, number> {
  const weights = new Map<string, number>();
  for (const item of header.split(',')) {
    const [coding = '', ...parameters] = item.split(';').map((part) => part.trim().toLowerCase());
    if (coding !== '') weights.set(coding, weightIn(parameters));
  }
  return weights;
}

function weightIn(parameters: readonly string[]): number {
  const written = parameters.find((parameter) => /^q\s*=/.test(parameter));
  if (written === undefined) return 1;
  const weight = Number(written.slice(written.indexOf('=') + 1));
  return weight >= 0 && weight <= 1 ? weight : 0;
}
