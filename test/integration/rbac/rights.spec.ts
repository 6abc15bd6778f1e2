import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Allocator } from '../../fixtures/allocator.js';
import { isClusterAvailable } from '../../fixtures/cluster/cluster.js';
import { rightText } from './audit-log.js';
import { type GrantedVerb, grantedVerbs } from './granted-roles.js';
import { RightsWorld, type Served, servedBy } from './rights-world.js';

const settled = { timeout: 60_000, interval: 250 };
/** Allocators at a time. */
const atOnce = 3;

const podMonitor = 'podMonitor/shop/pods/0';
const probe = 'probe/shop/front';
const scrapeConfig = 'scrapeConfig/shop/static';
const serviceMonitor = 'serviceMonitor/shop/web/0';
const ofServices = ['endpoints', 'endpointslice', 'service', serviceMonitor];
const ofPods = ['endpoints', 'endpointslice', 'pod', podMonitor, serviceMonitor];

/** The jobs that are not as they were, or have not all their labels, without a right to the objects. */
const losses: Readonly<Record<string, readonly string[] | 'every job'>> = {
  'pods in observability': 'every job',
  'pods in shop': ofPods,
  'services in shop': ofServices,
  'endpoints in shop': ['endpoints'],
  'endpointslices in shop': ['endpointslice', serviceMonitor],
  'ingresses in shop': ['ingress', probe],
  'replicasets in shop': ['pod'],
  'jobs in shop': ['pod'],
  nodes: ['node', podMonitor],
  namespaces: [serviceMonitor],
  'servicemonitors in shop': [serviceMonitor],
  'podmonitors in shop': [podMonitor],
  'probes in shop': [probe],
  'scrapeconfigs in shop': [scrapeConfig],
  'configmaps in shop': [podMonitor],
  'events in shop': [],
};
/** Values are read, changes are watched: without the watch they are found later. */
const lossesOfSecrets: Readonly<Record<string, readonly string[]>> = {
  get: [podMonitor, serviceMonitor],
  list: [],
  watch: [],
};

// Rows 13 and 65 of the faults.
describe.skipIf(!isClusterAvailable)('the roles that rbac prints', () => {
  let world: RightsWorld;
  let whole: Served = {};
  beforeAll(async () => {
    world = await RightsWorld.start(64);
  }, 180_000);
  afterAll(async () => {
    await world.stop();
  });

  it('are enough for everything, and no verb of them is unused', async () => {
    const { allocator, user } = await world.allocator();
    try {
      await allocator.waitUntilReady();
      const granted = new Set(grantedVerbs(world.roles).map(({ text }) => text));
      await expect.poll(() => world.audit.allowed(user), settled).toEqual([...granted].toSorted());
      expect(world.audit.refused(user)).toEqual([]);
      expect(await missingOf(allocator)).toEqual([]);
      expect(complaints(allocator)).toEqual([]);
      whole = await servedBy(allocator, []);
      expect(Object.keys(whole)).toHaveLength(10);
    } finally {
      await allocator.stop();
    }
  });

  it(
    'lose exactly what each verb is for without it, and say so',
    { timeout: 900_000 },
    async () => {
      const verbs = grantedVerbs(world.roles);
      expect(verbs.length).toBeGreaterThan(30);
      for (let at = 0; at < verbs.length; at += atOnce) {
        await Promise.all(verbs.slice(at, at + atOnce).map((verb) => expectLoss(verb)));
      }
    },
  );

  async function expectLoss(without: GrantedVerb): Promise<void> {
    const { allocator, user } = await world.allocator(without);
    const { text } = without;
    try {
      await allocator.program.waitForOutput(/"msg":"serving"/);
      await expect.poll(() => missingOf(allocator), { ...settled, message: text }).toEqual([text]);
      await expect
        .poll(() => world.audit.refused(user), { ...settled, message: text })
        .toEqual([text]);
      await expect
        .poll(() => lostJobs(allocator), { ...settled, message: `jobs without ${text}` })
        .toEqual(expectedLoss(without));
      expect(complaints(allocator)).toHaveLength(1);
      expect((await allocator.get('/readyz?verbose')).text).toMatch(
        new RegExp(`kubernetes rights ok \\(\\d+ of \\d+ are granted; missing: ${without.verb} `),
      );
    } finally {
      await allocator.stop();
    }
  }

  function expectedLoss({ verb, text }: GrantedVerb): readonly string[] {
    const objects = text.slice(verb.length + 1);
    const loss = objects === 'secrets in shop' ? lossesOfSecrets[verb] : losses[objects];
    if (loss === undefined) throw new Error(`what is lost without ${text}?`);
    return loss === 'every job' ? Object.keys(whole).toSorted() : [...loss].toSorted();
  }

  async function lostJobs(allocator: Allocator): Promise<readonly string[]> {
    const served = await servedBy(allocator, Object.keys(whole));
    return Object.keys(whole)
      .filter((job) => served[job] !== whole[job])
      .toSorted();
  }
});

/** As the metrics have it: `list pods in shop`. */
async function missingOf(allocator: Allocator): Promise<readonly string[]> {
  const { text } = await allocator.get('/metrics');
  expect(text).toMatch(/cluster_rights_reviewed\{[^}]*\} 1/);
  const series = text.matchAll(/cluster_right_missing\{([^}]*)\} 1/g);
  return Array.from(series, ([, labels = '']) => {
    const valueOf = (name: string): string =>
      new RegExp(`\\b${name}="([^"]*)"`).exec(labels)?.[1] ?? '';
    const [resource = ''] = valueOf('resource').split('.');
    const namespace = valueOf('namespace');
    return rightText(valueOf('verb'), { resource, namespace: namespace || undefined });
  });
}

function complaints(allocator: Allocator): readonly string[] {
  return allocator.program.output
    .split('\n')
    .filter((line) => /"msg":"right in the cluster[^"]* is missing"/.test(line));
}
