import type { Monitor } from './monitor.js';
import type { RelabelRule } from './relabelings.js';
import { sanitizeLabelName } from './sanitize-label-name.js';

/**
 * Copies labels of Kubernetes objects to targets.
 *
 * @param kind Whose labels, as the meta labels name it: `pod`.
 */
export function targetLabelRules(labels: readonly string[], kind: string): readonly RelabelRule[] {
  return labels.map((label) => labelRule(label, kind, sanitizeLabelName(label)));
}

/** Copies the labels of pods that a monitor names, and those that are named for all monitors. */
export function podLabelRules({ input, policy }: Monitor): readonly RelabelRule[] {
  const own = input.spec.field('podTargetLabels').texts();
  return targetLabelRules([...own, ...(policy.spec.podTargetLabels ?? [])], 'pod');
}

/** Takes the job's name from a label where it has a value. */
export function jobLabelRules(label: string, kind: string): readonly RelabelRule[] {
  return label === '' ? [] : [labelRule(label, kind, 'job')];
}

function labelRule(label: string, kind: string, target: string): RelabelRule {
  return {
    source_labels: [`__meta_kubernetes_${kind}_label_${sanitizeLabelName(label)}`],
    target_label: target,
    regex: '(.+)',
    replacement: '${1}',
  };
}
