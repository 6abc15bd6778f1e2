import { Document, isCollection, isMap, isSeq, visit } from 'yaml';
import {
  describeRight,
  type NeededRights,
  rbacObjects,
  type RightReason,
  type RoleManifest,
  type RoleSet,
} from '../../modules/cluster-rights/index.js';

/** A role that a thousand jobs ask for shall still be read by somebody. */
const mostReasons = 5;

/** Roles and bindings as `kubectl apply` takes them, with comments that say why. */
export function rbacYaml(needed: NeededRights, set: RoleSet, title: string): string {
  const documents = set.roles.flatMap((role) =>
    [...rbacObjects(role)].map((object) => `---\n${documentText(object, role)}`),
  );
  return [heading(needed, set, title), ...documents].join('');
}

function heading({ rights, notes }: NeededRights, { leftOut }: RoleSet, title: string): string {
  const lines = [
    title,
    ...(rights.length === 0 ? ['Nothing is needed in the cluster.'] : []),
    ...notes.map(({ path, text }) => `${path}: ${text}.`),
    ...leftOut.map(
      (right) =>
        `Left out, as it takes a ClusterRole: ${describeRight(right)} (${right.reasons[0]?.path ?? ''}); without it ${right.reasons[0]?.loss ?? ''}.`,
    ),
  ];
  return lines.map((line) => `# ${oneLine(line)}\n`).join('');
}

function documentText(object: Readonly<Record<string, unknown>>, role: RoleManifest): string {
  const document = new Document(object, { aliasDuplicateObjects: false });
  const rules = document.get('rules');
  if (isSeq(rules)) {
    for (const [index, { need, reasons }] of role.rules.entries()) {
      const rule = rules.get(index, true);
      if (isMap(rule)) rule.commentBefore = comment(need, reasons);
    }
  }
  visit(document, {
    Seq: (_, list) => {
      // Lists of words in a line each, as people write rules.
      if (!list.items.some(isCollection)) list.flow = true;
    },
  });
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

function comment(need: 'always' | 'sometimes', reasons: readonly RightReason[]): string {
  const shown = reasons.slice(0, mostReasons).map(({ path, why }) => ` ${why}: ${path}`);
  const more = reasons.length - shown.length;
  const losses = [...new Set(reasons.slice(0, mostReasons).map(({ loss }) => loss))];
  return [
    ...shown,
    ...(more > 0 ? [` and ${String(more)} more`] : []),
    ` without it: ${losses.join('; ')}`,
    ...(need === 'sometimes' ? [' may be left out where nothing of that is used'] : []),
  ]
    .map(oneLine)
    .join('\n');
}

/** Names of plugins and namespaces are what somebody wrote: they must not end a comment. */
function oneLine(text: string): string {
  return text.replaceAll(/[\r\n\u0085\u2028\u2029]+/g, ' ');
}
