import { listOfPresent } from '../core/document/collections.js';
import { Cursor } from '../core/document/cursor.js';
import { readDocument } from '../core/document/read-document.js';
import type { StaticConfig } from '../core/scrape-config/model.js';
import { staticConfig } from '../core/scrape-config/static-config.js';

/** Target groups that were written as YAML, or what is wrong with them. */
export type TargetGroupsYaml =
  | { readonly ok: true; readonly groups: readonly StaticConfig[] }
  | { readonly ok: false; readonly problem: string };

const groups = listOfPresent(staticConfig, 'target group');

/**
 * Reads a list of target groups (`targets`, `labels`) as Prometheus reads a YAML file of them: every value is the text
 * that stands there (`yes`, `0777`), unknown and repeated keys are refused, nothing at all is an empty list.
 *
 * @param maxSize The largest text that is read, in UTF-16 units.
 * @see https://prometheus.io/docs/prometheus/3.14/configuration/configuration/#file_sd_config
 */
export function readTargetGroupsYaml(text: string, maxSize: number): TargetGroupsYaml {
  const document = readDocument(text, { file: '', maxSize });
  const at = Cursor.ofDocument(document, { strict: true });
  const read = groups.decode(at) ?? [];
  const problem = at.problems.find(({ severity }) => severity === 'error');
  if (problem === undefined) return { ok: true, groups: read };
  const place = [
    ...(problem.line === undefined ? [] : [`line ${String(problem.line)}`]),
    ...(problem.path === '' ? [] : [problem.path]),
  ];
  return { ok: false, problem: [...place, problem.message].join(': ') };
}
