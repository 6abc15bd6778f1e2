import { type DocumentFields, present } from './document-fields.js';
import type { SpecValue } from './spec-value.js';

/** One rule of `relabel_configs` or `metric_relabel_configs`. */
export type RelabelRule = DocumentFields;

/** Relabel rules as the document has them. What they say is checked with the job; see `checkScrapeClasses` for classes. */
export function relabelings(at: SpecValue): readonly RelabelRule[] {
  return at.items().map((rule) => {
    const sourceLabels = rule.field('sourceLabels').texts();
    const modulus = rule.field('modulus').whole() ?? 0;
    const action = filled(rule.field('action').text());
    return present({
      source_labels: sourceLabels.length === 0 ? undefined : sourceLabels,
      separator: rule.field('separator').text(),
      target_label: filled(rule.field('targetLabel').text()),
      regex: filled(rule.field('regex').text()),
      modulus: modulus === 0 || modulus === 0n ? undefined : modulus,
      replacement: rule.field('replacement').text(),
      action: action?.toLowerCase(),
    });
  });
}

/** The empty text stands for none. */
function filled(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}
