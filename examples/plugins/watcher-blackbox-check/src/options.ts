import type {
  LabelSelectorTerms,
  ResourceSelection,
  StandardSchema,
} from 'target-allocator/plugin-api';
import { Reader } from './reader.js';

/** What users write under `options`, made ready for the host. */
export interface BlackboxCheckOptions {
  readonly selection: ResourceSelection;
}

const keys = ['selector', 'namespace_selector', 'allow_namespaces', 'deny_namespaces'];
const operators = ['In', 'NotIn', 'Exists', 'DoesNotExist'] as const;
const everything: LabelSelectorTerms = { matchLabels: {}, matchExpressions: [] };

/** Checks the options and fills in defaults: everything is selected. */
export const optionsSchema: StandardSchema<BlackboxCheckOptions> = {
  '~standard': {
    version: 1,
    vendor: 'ta-plugin-blackbox-check',
    validate: (written) => {
      const options = Reader.of(written ?? {});
      options.onlyKeys(keys);
      const selection = {
        selector: selectorIn(options.field('selector')),
        namespaceSelector: selectorIn(options.field('namespace_selector')),
        allowNamespaces: options.field('allow_namespaces').texts(),
        denyNamespaces: options.field('deny_namespaces').texts(),
      };
      if (selection.allowNamespaces.length > 0 && selection.denyNamespaces.length > 0) {
        options.field('deny_namespaces').reject('goes not together with allow_namespaces');
      }
      return options.issues.length > 0 ? { issues: options.issues } : { value: { selection } };
    },
  },
};

/** As everywhere in Kubernetes, an empty selector selects everything; here one that is absent does, too. */
function selectorIn(at: Reader): LabelSelectorTerms {
  if (!at.isPresent) return everything;
  at.onlyKeys(['matchLabels', 'matchExpressions']);
  return {
    matchLabels: at.field('matchLabels').textMap(),
    matchExpressions: at.field('matchExpressions').items().map(expressionIn),
  };
}

function expressionIn(at: Reader): LabelSelectorTerms['matchExpressions'][number] {
  const written = at.field('operator').text();
  const operator = operators.find((known) => known === written) ?? 'Exists';
  const values = at.field('values').texts();
  if (operator !== written) at.field('operator').reject(`must be one of ${operators.join(', ')}`);
  else if (operator.endsWith('In') !== values.length > 0) {
    at.field('values').reject('must be given for In and NotIn, and for them alone');
  }
  return { key: at.field('key').requiredText(), operator, values };
}
