import { eventually } from '../../fixtures/eventually.js';
import type { Cluster } from '../../fixtures/cluster/cluster.js';

const rbac = '/apis/rbac.authorization.k8s.io/v1';
const groups: Readonly<Record<string, string>> = {
  endpointslices: 'discovery.k8s.io',
  podmonitors: 'monitoring.coreos.com',
  servicemonitors: 'monitoring.coreos.com',
};

/** What the cluster's user may list and watch, kind by kind. */
export class ClusterRights {
  constructor(private readonly cluster: Cluster) {}

  /** Takes effect when the API server has noticed, some milliseconds later. */
  async grant(plural: string): Promise<void> {
    const name = `reader-of-${plural}`;
    const role = {
      metadata: { name },
      rules: [{ apiGroups: [groups[plural] ?? ''], resources: [plural], verbs: ['list', 'watch'] }],
    };
    // The role stays when the binding goes.
    await this.cluster.api('POST', `${rbac}/clusterroles`, role).catch((error: unknown) => {
      if (!String(error).includes('409')) throw error;
    });
    await this.cluster.api('POST', `${rbac}/clusterrolebindings`, {
      metadata: { name },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
      subjects: [
        { apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: this.cluster.userName },
      ],
    });
  }

  async revoke(plural: string): Promise<void> {
    await this.cluster.api('DELETE', `${rbac}/clusterrolebindings/reader-of-${plural}`);
    await eventually(`the right to list ${plural} is withdrawn`, async () =>
      (await this.#mayList(plural)) ? undefined : true,
    );
  }

  async #mayList(plural: string): Promise<boolean> {
    const resourceAttributes = { group: groups[plural] ?? '', resource: plural, verb: 'list' };
    const review = await this.cluster.api(
      'POST',
      '/apis/authorization.k8s.io/v1/subjectaccessreviews',
      { spec: { user: this.cluster.userName, resourceAttributes } },
    );
    return (review as { readonly status: { readonly allowed: boolean } }).status.allowed;
  }
}
