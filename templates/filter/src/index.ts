import {
  defineFilter,
  definePlugin,
  type StandardSchema,
  type TargetFilter,
} from 'target-allocator/plugin-api';

/** What users write under `options`. */
export interface MyNameOptions {
  /** Targets without this label are dropped. */
  readonly label: string;
}

/** Checks the options. Any library that speaks Standard Schema does it, too: zod, valibot, … */
export const optionsSchema: StandardSchema<MyNameOptions> = {
  '~standard': {
    version: 1,
    vendor: 'my-name',
    validate: (value) => {
      const { label }: Partial<Record<string, unknown>> = value ?? {};
      return typeof label === 'string' && label !== ''
        ? { value: { label } }
        : { issues: [{ message: 'must be the name of a label', path: ['label'] }] };
    },
  },
};

/** Keeps targets that have a label. */
function filterOf({ label }: MyNameOptions): TargetFilter {
  return {
    prepare: () => (labels) => ((labels[label] ?? '') === '' ? undefined : labels),
    // Nothing of the job counts, so that a changed job costs nothing here.
    key: () => label,
  };
}

export const myNameFilter = defineFilter<MyNameOptions>({
  name: 'my-name',
  stability: 'alpha',
  configSchema: optionsSchema,
  create: filterOf,
});

export default definePlugin({ name: 'my-package', provides: [myNameFilter] });
