import { repetitionWeight } from '../../core/relabel/repetition-weight.js';
import type { ScrapeConfig } from '../../plugin-api/index.js';

/**
 * With so many, the first match of a label value of 63 characters, which is what Kubernetes allows, takes some 30 ms, with
 * ten times as many almost a second. One match cannot be interrupted, and everybody else's requests wait for it.
 */
const mostRepetitions = 2_000;

/** The expressions of a job that cost too much for one that any tenant can write. */
export function costlyExpressions({
  relabel_configs: rules = [],
}: ScrapeConfig): readonly string[] {
  return rules.flatMap(({ regex = '' }, index) => {
    const weight = repetitionWeight(regex);
    if (weight <= mostRepetitions) return [];
    return [
      `relabel_configs[${String(index)}].regex: ${String(weight)} repetitions, and at most ${String(mostRepetitions)} are taken`,
    ];
  });
}
