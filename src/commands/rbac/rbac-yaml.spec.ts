import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import {
  type ClusterRight,
  type RightNote,
  roleManifests,
} from '../../modules/cluster-rights/index.js';
import { rbacYaml } from './rbac-yaml.js';

const serviceAccount = { namespace: 'obs', name: 'ta' };
const reason = { path: 'a.b', why: 'something', loss: 'it is lost' };

function right(given: Partial<ClusterRight>): ClusterRight {
  return {
    ...{ group: '', resource: 'pods', verbs: ['list', 'watch'], need: 'always', reasons: [reason] },
    ...given,
  };
}
function printed(
  rights: readonly ClusterRight[],
  isNamespaceScoped = false,
  notes: readonly RightNote[] = [],
): string {
  const set = roleManifests(rights, { serviceAccount, isNamespaceScoped });
  return rbacYaml({ rights, notes }, set, 'Title.');
}
function objects(text: string): readonly unknown[] {
  return parseAllDocuments(text)
    .map((document) => document.toJS() as unknown)
    .filter((object) => object !== null);
}

describe('roles as YAML', () => {
  it('say in a comment that nothing is needed', () => {
    expect(printed([])).toBe('# Title.\n# Nothing is needed in the cluster.\n');
  });

  it('give a ClusterRole for what has no namespace, a Role in each that is named, and bindings', () => {
    const text = printed([right({ resource: 'nodes' }), right({ namespace: 'shop' })]);
    expect(objects(text)).toMatchObject([
      {
        kind: 'ClusterRole',
        metadata: { name: 'ta-obs' },
        rules: [{ apiGroups: [''], resources: ['nodes'], verbs: ['list', 'watch'] }],
      },
      { kind: 'ClusterRoleBinding', roleRef: { kind: 'ClusterRole', name: 'ta-obs' } },
      { kind: 'Role', metadata: { name: 'ta', namespace: 'shop' } },
      {
        kind: 'RoleBinding',
        metadata: { namespace: 'shop' },
        subjects: [{ kind: 'ServiceAccount', ...serviceAccount }],
      },
    ]);
    expect(text).toContain('# something: a.b\n  # without it: it is lost\n  - apiGroups: [""]');
  });

  it('do not repeat in a namespace, or for a name, what the ClusterRole gives', () => {
    const [role, binding, ...more] = objects(
      printed([
        right({}),
        right({ namespace: 'shop' }),
        right({ resourceName: 'one' }),
        right({ namespace: 'shop', verbs: ['watch'], need: 'sometimes' }),
      ]),
    );
    expect(role).toMatchObject({ rules: [{ resources: ['pods'] }] });
    expect(binding).toMatchObject({ kind: 'ClusterRoleBinding' });
    expect(more).toEqual([]);
  });

  it('repeat what the ClusterRole gives only sometimes', () => {
    const kinds = objects(printed([right({ need: 'sometimes' }), right({ namespace: 'shop' })]));
    expect(kinds).toHaveLength(4);
  });

  it('leave out what takes a ClusterRole where there shall be none, and say so', () => {
    const text = printed([right({ resource: 'nodes' }), right({ namespace: 'shop' })], true);
    expect(objects(text)).toMatchObject([{ kind: 'Role' }, { kind: 'RoleBinding' }]);
    expect(text).toContain(
      '# Left out, as it takes a ClusterRole: list, watch nodes (a.b); without it it is lost.\n',
    );
  });

  it('let nobody out of a comment', () => {
    const hostile = 'x\n---\nkind: ClusterRole\r\nrules: [] \u2028 # ';
    const evil = { path: hostile, why: hostile, loss: hostile };
    const text = printed([right({ reasons: [evil] })], false, [{ path: hostile, text: hostile }]);
    expect(objects(text)).toHaveLength(2);
    expect(objects(printed([right({ reasons: [evil] })], true, []))).toEqual([]);
  });

  it('show the first of very many reasons', () => {
    const reasons = Array.from({ length: 1_000 }, (_, n) => ({
      ...reason,
      path: `job-${String(n)}`,
    }));
    const text = printed([right({ reasons })]);
    expect(text).toContain('# and 995 more');
    expect(text).not.toContain('job-5');
  });
});
