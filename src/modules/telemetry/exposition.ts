/** A metric as prom-client gives it to be written: buckets share the labels of their series. */
export interface WrittenFamily {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly values: readonly WrittenSample[];
}

type Labels = Readonly<Record<string, string | number | undefined>>;

interface WrittenSample {
  readonly value: number;
  readonly labels?: Labels;
  /** Of histograms and summaries: the family's name with `_bucket`, `_sum` or `_count`. */
  readonly metricName?: string;
  /** Of histograms: the labels of the series, the same object as long as there is the series. */
  readonly sharedLabels?: Labels;
}

/**
 * Writes families as prom-client's own registry does, to the byte, in a fraction of its time: the text of what series of
 * histograms share is kept, and nothing is made only to be joined.
 *
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */
export class Exposition {
  readonly #shared = new WeakMap<Labels, string>();

  text(families: readonly WrittenFamily[]): string {
    return `${families.map((family) => this.#family(family)).join('\n\n')}\n`;
  }

  #family({ name, help, type, values }: WrittenFamily): string {
    let text = `# HELP ${name} ${escaped(help)}\n# TYPE ${name} ${type}`;
    for (const { metricName = name, labels, sharedLabels, value } of values) {
      const own = labels === undefined ? '' : pairs(labels, sharedLabels);
      const shared = sharedLabels === undefined ? '' : this.#sharedPairs(sharedLabels);
      const all = own === '' || shared === '' ? own + shared : `${own},${shared}`;
      text += `\n${metricName}${all === '' ? '' : `{${all}}`} ${numberText(value)}`;
    }
    return text;
  }

  #sharedPairs(labels: Labels): string {
    const known = this.#shared.get(labels);
    if (known !== undefined) return known;
    const text = pairs(labels);
    this.#shared.set(labels, text);
    return text;
  }
}

/** `name="value",…`, without those labels that stand in `others`. */
function pairs(labels: Labels, others?: Labels): string {
  let text = '';
  for (const name of Object.keys(labels)) {
    if (others !== undefined && Object.hasOwn(others, name)) continue;
    if (text !== '') text += ',';
    text += `${name}="${escapedValue(labels[name])}"`;
  }
  return text;
}

function escapedValue(value: string | number | undefined): string {
  return typeof value === 'string' ? escaped(value).replaceAll('"', '\\"') : String(value);
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

/** A number that is none is written as prom-client has it; Prometheus reads it in any case. */
function numberText(value: number): string {
  if (Number.isFinite(value)) return String(value);
  if (Number.isNaN(value)) return 'Nan';
  return value < 0 ? '-Inf' : '+Inf';
}
