import type { LabelSet } from '../labels/label-set.js';
import type { RelabelConfig } from '../scrape-config/model.js';
import { applyRule } from './apply-rule.js';
import { LabelBuilder } from './label-builder.js';
import { compileLayout, type LayoutProgram } from './layout-program.js';
import { compileRule, type RelabelOptions, type RelabelRule } from './rule.js';
import type { Seed } from './seeds.js';

/** What one rule did to a target, for pages that tell why it was dropped or where a label comes from. */
export interface RelabelStep {
  readonly config: RelabelConfig;
  /** The labels after the rule. */
  readonly labels: LabelSet;
  /** False: the rule dropped the target, and no further rule was run. */
  readonly kept: boolean;
}

/** A list of relabel rules, ready to run. */
export interface RelabelProgram {
  /**
   * Relabels one target. Empty labels are as good as absent: none are in the answer.
   *
   * @returns The new labels (an object without prototype); `undefined`: dropped.
   */
  run(labels: LabelSet): LabelSet | undefined;
  /** Relabels one target and tells what each rule did, up to the one that drops it. */
  trace(labels: LabelSet): readonly RelabelStep[];
  /**
   * Compiles the rules for targets with exactly these label names, which is several times faster to run.
   *
   * @param names Without duplicates.
   * @returns `undefined` when the labels that come out, or which of several wins, depend on values: use `run` then.
   */
  forNames(names: readonly string[]): LayoutProgram | undefined;
}

/** How a list of rules is run. */
export interface ProgramOptions extends RelabelOptions {
  /** Labels that are set before the first rule where the target has none of that name (or an empty one). */
  readonly seeds?: readonly Seed[];
}

class Rules implements RelabelProgram {
  readonly #rules: readonly RelabelRule[];
  readonly #seeds: readonly Seed[];

  constructor(rules: readonly RelabelRule[], seeds: readonly Seed[]) {
    this.#rules = rules;
    this.#seeds = seeds;
  }

  run(labels: LabelSet): LabelSet | undefined {
    const builder = this.#seeded(labels);
    return this.#rules.every((rule) => applyRule(rule, builder)) ? builder.labels() : undefined;
  }

  trace(labels: LabelSet): readonly RelabelStep[] {
    const builder = this.#seeded(labels);
    const steps: RelabelStep[] = [];
    for (const rule of this.#rules) {
      const kept = applyRule(rule, builder);
      steps.push({ config: rule.config, labels: builder.labels(), kept });
      if (!kept) break;
    }
    return steps;
  }

  forNames(names: readonly string[]): LayoutProgram | undefined {
    return compileLayout(this.#rules, this.#seeds, names);
  }

  #seeded(labels: LabelSet): LabelBuilder {
    const builder = new LabelBuilder(labels);
    for (const { name, value } of this.#seeds) {
      if (builder.get(name) === '') builder.set(name, value);
    }
    return builder;
  }
}

/**
 * Makes relabel rules ready to run, exactly as Prometheus 3.14 runs them.
 *
 * @throws {RelabelConfigError} `TA_RELABEL_CONFIG_INVALID`, naming the rule.
 * @see https://prometheus.io/docs/prometheus/3.14/configuration/configuration/#relabel_config
 */
export function compileRelabelConfigs(
  configs: readonly RelabelConfig[],
  options: ProgramOptions = {},
): RelabelProgram {
  const rules = configs.map((config, index) => compileRule(config, index, options));
  return new Rules(rules, options.seeds ?? []);
}
