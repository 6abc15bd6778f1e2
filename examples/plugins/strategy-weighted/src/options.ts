import type { StandardIssue, StandardSchema } from 'target-allocator/plugin-api';

/** What users write under `options`. */
export interface WeightedOptions {
  /** The annotation of pods that has their weight. @default 'opentelemetry.io/target-allocation-weight' */
  readonly annotation: string;
  /** The weight of whatever has none. Range 1 to 100. @default 1 */
  readonly default_weight: number;
  /** The weights of the targets of some jobs, by the job's name, where pods say nothing. Range 1 to 100. */
  readonly job_weights: ReadonlyMap<string, number>;
}

const known = ['annotation', 'default_weight', 'job_weights'];
const defaultAnnotation = 'opentelemetry.io/target-allocation-weight';

/** Whether it is a whole number from 1 to 100. */
export function isWeight(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 100;
}

/** Checks the options and fills in defaults. */
export const optionsSchema: StandardSchema<WeightedOptions> = {
  '~standard': {
    version: 1,
    vendor: 'ta-plugin-weighted',
    validate: (written) => {
      const value = written ?? {};
      if (!isRecord(value)) return { issues: [{ message: 'must be a mapping' }] };
      const issues: StandardIssue[] = Object.keys(value)
        .filter((key) => !known.includes(key))
        .map((key) => ({ message: `unknown key; there are ${known.join(', ')}`, path: [key] }));
      const options = {
        annotation: annotationIn(value, issues),
        default_weight: weightOf(value['default_weight'] ?? 1, ['default_weight'], issues),
        job_weights: jobWeightsIn(value, issues),
      };
      return issues.length > 0 ? { issues } : { value: options };
    },
  },
};

type Written = Readonly<Record<string, unknown>>;

function annotationIn(value: Written, issues: StandardIssue[]): string {
  const annotation = value['annotation'] ?? defaultAnnotation;
  if (typeof annotation === 'string' && annotation !== '') return annotation;
  issues.push({ message: 'must be the name of an annotation', path: ['annotation'] });
  return defaultAnnotation;
}

function jobWeightsIn(value: Written, issues: StandardIssue[]): ReadonlyMap<string, number> {
  const weights = value['job_weights'] ?? {};
  if (!isRecord(weights)) {
    issues.push({ message: 'must be a mapping of job names to weights', path: ['job_weights'] });
    return new Map();
  }
  return new Map(
    Object.entries(weights).map(([job, weight]) => [
      job,
      weightOf(weight, ['job_weights', job], issues),
    ]),
  );
}

function weightOf(value: unknown, path: readonly string[], issues: StandardIssue[]): number {
  if (isWeight(value)) return value;
  issues.push({ message: 'must be a whole number from 1 to 100', path });
  return 1;
}

function isRecord(value: unknown): value is Written {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
