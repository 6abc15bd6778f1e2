import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isClusterAvailable } from '../../fixtures/cluster/cluster.js';
import {
  type CertificateWish,
  isOpensslAvailable,
  type IssuedCertificate,
  TestAuthority,
} from '../../fixtures/test-authority.js';
import { BuiltImage } from '../image/built-image.js';
import type { CertificateRequest, OperatorManifests } from './operator-manifests.js';
import { OperatorWorld, type ServedAllocator } from './operator-world.js';

const isPossible = isClusterAvailable && isOpensslAvailable;
const built = isPossible ? await BuiltImage.make() : 'no cluster or openssl';
if (typeof built === 'string') console.warn(`it is not run under the operator: ${built}`);

const base = 'opentelemetry-targetallocator-role';
const ofResources = 'opentelemetry-targetallocator-cr-role';
const ofSecrets = 'opentelemetry-targetallocator-secrets-role';
/** What no resource's jobs depend on: the reasons of rejections, a minute's delay, and kinds that nobody selects. */
const notPrescribed = [
  'create events',
  'list, watch probes.monitoring.coreos.com',
  'list, watch scrapeconfigs.monitoring.coreos.com',
  'list, watch secrets in namespace observability',
];
const settled = { timeout: 30_000, interval: 250 };
const shop = ['shop-0:8080', 'shop-1:8080', 'shop-2:8080', 'shop-3:8080'];

// The operator's manifests as data; the test is its API server's clients: controllers, kubelet, cert-manager, collectors.
describe.skipIf(typeof built === 'string')('under the OpenTelemetry Operator', () => {
  let world: OperatorWorld;
  let authority: TestAuthority;
  const running: ServedAllocator[] = [];

  beforeAll(async () => {
    world = await OperatorWorld.start(built as BuiltImage);
    authority = await TestAuthority.create('fleet-ca-cert');
  });
  afterAll(async () => {
    for (const { pod } of running) await pod.stop();
    await world.stop();
    await authority.remove();
  });

  async function run(manifests: OperatorManifests): Promise<ServedAllocator> {
    const served = await world.run(manifests);
    running.push(served);
    await served.pod.waitUntilReady();
    return served;
  }

  it('serves the jobs of the collectors’ own configuration to a StatefulSet of them', async () => {
    const allocator = await run(await world.install('statefulset', [base], 3));
    expect(await allocator.jobs()).toEqual(['shop']);
    const given = await allocator.targets('shop', 3);
    expect(given.flat().toSorted()).toEqual(shop);
    expect(given.filter((targets) => targets.length > 0).length).toBeGreaterThan(1);
    expect(await allocator.ask('/scrape_configs')).toMatchObject({
      shop: { scrape_interval: '15s', relabel_configs: [{ replacement: '$1' }] },
    });
    expect(allocator.complaints).toEqual([]);
  });

  it('gives the collectors of a DaemonSet what is on their node', async () => {
    const allocator = await run(await world.install('daemonset', [base], 2));
    expect(await allocator.targets('pods', 2)).toEqual([['10.1.0.1:8080'], ['10.1.0.2:8080']]);
    expect(allocator.complaints).toEqual([]);
  });

  it('serves monitors of the whole cluster, and says what the rights are not enough for', async () => {
    await world.createServiceMonitor('plain');
    const roles = [base, ofResources];
    const allocator = await run(await world.install('prometheus-cr', roles, 3));
    // PodMonitors are selected by a label that theirs has not; `web` and `broken` refer to Secrets.
    expect(await allocator.jobs()).toEqual(['serviceMonitor/shop/plain/0']);
    const given = await allocator.targets('serviceMonitor/shop/plain/0', 3);
    expect(given.flat().toSorted()).toEqual(['10.1.0.1:8080', '10.1.0.2:8080']);
    await expect
      .poll(() => allocator.missingRights, settled)
      .toEqual([...notPrescribed, 'get secrets'].toSorted());
    expect(await allocator.resource('shop/web')).toMatchObject({
      state: 'rejected',
      reasons: [expect.stringContaining('needed: verb get on secrets in namespace shop')],
    });
  });

  it('serves secrets to collectors with the certificates of cert-manager, and to no others', async () => {
    const roles = [base, ofResources, ofSecrets];
    const manifests = await world.install('mtls', roles, 3);
    const issued = new Map<string, IssuedCertificate>();
    for (const request of manifests.certificates.filter(({ dnsNames }) => dnsNames)) {
      const certificate = await authority.issue(wishOf(request));
      issued.set(request.secretName, certificate);
      const stringData = {
        ...{ 'tls.crt': certificate.cert, 'tls.key': certificate.key },
        'ca.crt': authority.own.cert,
      };
      await world.put('secrets', request.secretName, { type: 'kubernetes.io/tls', stringData });
    }
    const allocator = await run(manifests);
    await expectSecretsShown(allocator, {
      client: issued.get('fleet-ta-client-cert'),
      servername: 'fleet-targetallocator',
      secret: { 'serviceMonitor/shop/web/0': { authorization: { credentials: 'first' } } },
    });
    await expect.poll(() => allocator.missingRights, settled).toEqual(notPrescribed);
  });

  it('serves a TargetAllocator of its own, with certificates and flags of its user', async () => {
    const wish = wishOf({ dnsNames: ['ta-targetallocator'], secretName: '' });
    const server = await authority.issue(wish);
    const { cert, key } = server;
    await world.put('configmaps', 'my-ca', { data: { 'ca.crt': authority.own.cert } });
    await world.put('secrets', 'my-server', { stringData: { 'tls.crt': cert } });
    await world.put('secrets', 'my-server-key', { stringData: { 'server.pem': key } });
    const allocator = await run(await world.install('standalone', [base], 3));
    expect(await allocator.jobs()).toEqual(['otel-collector', 'shop']);
    await expectSecretsShown(allocator, {
      client: await authority.issue({ name: 'collector' }),
      servername: 'ta-targetallocator',
      secret: { shop: { basic_auth: { password: 'sesame' } } },
    });
    expect(allocator.complaints).toEqual([]);
  });

  it('ends when it is told to', async () => {
    const codes = await Promise.all(running.splice(0).map(({ pod }) => pod.stop()));
    expect(codes).toEqual([0, 0, 0, 0, 0]);
  });

  async function expectSecretsShown(
    allocator: ServedAllocator,
    expected: {
      readonly client: IssuedCertificate | undefined;
      readonly servername: string;
      readonly secret: object;
    },
  ): Promise<void> {
    const { client, servername, secret } = expected;
    const to = { ca: authority.own.cert, servername };
    expect(await allocator.ask('/scrape_configs')).not.toMatchObject(secret);
    await expect(allocator.ask('/scrape_configs', to)).rejects.toThrow();
    const tls = { ...to, cert: client?.cert ?? '', key: client?.key ?? '' };
    expect(await allocator.ask('/scrape_configs', tls)).toMatchObject(secret);
  }
});

/** What cert-manager makes of a Certificate of the operator: no common name, and good for both sides. */
function wishOf({ dnsNames = [], secretName }: Partial<CertificateRequest>): CertificateWish {
  return {
    name: secretName ?? '',
    subject: '/OU=opentelemetry-operator',
    usage: 'clientAuth,serverAuth',
    alternativeNames: dnsNames.map((name) => `DNS:${name}`).join(),
  };
}
