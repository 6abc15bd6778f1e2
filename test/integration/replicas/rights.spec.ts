import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isClusterAvailable } from '../../fixtures/cluster/cluster.js';
import { eventually } from '../../fixtures/eventually.js';
import { namespace, ReplicaWorld, targetNames } from './replica-world.js';

const rbac = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}`;

describe.skipIf(!isClusterAvailable)('replicas without the right to Leases', () => {
  let world: ReplicaWorld;

  beforeAll(async () => {
    world = await ReplicaWorld.start(200, 3);
    await world.cluster.bindPodReader(namespace);
    const { userToken: token } = world.cluster;
    await Promise.all([1, 2].map(() => world.addReplica({ token })));
    await Promise.all(world.replicas.map(({ allocator }) => allocator.waitUntilReady()));
  });
  afterAll(async () => {
    await world.stop();
  });

  it('say which right is missing, once, and place targets so that they agree', async () => {
    const first = await world.agreed();
    world.change([...world.targets.slice(20), ...targetNames(1_000, 30)]);
    await world.agreed();
    expect(new Set(first.values()).size).toBe(3);
    for (const { allocator } of world.replicas) {
      const { output } = allocator.program;
      const lines = output.split('\n').filter((line) => line.includes('no part in the election'));
      expect(lines).toHaveLength(1);
      expect(lines[0]).toContain(
        'verbs get, create and update on leases.coordination.k8s.io in namespace observability',
      );
      const { text } = await allocator.get('/metrics');
      expect(text).toMatch(/replica_role\{.*role="apart".*\} 1/);
    }
  });

  it('elect a leader when the right comes, and move nothing for it', async () => {
    const before = await world.agreed();
    await world.cluster.api('POST', `${rbac}/roles`, {
      metadata: { name: 'leases' },
      rules: [
        {
          apiGroups: ['coordination.k8s.io'],
          resources: ['leases'],
          verbs: ['get', 'create', 'update'],
        },
      ],
    });
    await world.cluster.api('POST', `${rbac}/rolebindings`, {
      metadata: { name: 'leases' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'leases' },
      subjects: [
        { apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: world.cluster.userName },
      ],
    });
    const leader = await world.leader(15_000);
    const follower = world.replicas.find((replica) => replica !== leader);
    await eventually('the other one follows', async () => {
      const { text = '' } = (await follower?.allocator.get('/metrics')) ?? {};
      return /replica_role\{.*role="following".*\} 1/.test(text) ? true : undefined;
    });
    expect(await world.agreed()).toEqual(before);
  });
});
