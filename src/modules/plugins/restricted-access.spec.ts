import { describe, expect, it } from 'vitest';
import { RecordingLogger, RecordingMeter } from '../../../test/fixtures/plugin-context.js';
import type { KubernetesServer } from '../../plugin-api/index.js';
import { NetworkPolicy } from '../http-client/index.js';
import { FakeClock } from '../telemetry/testing/fake-clock.js';
import { PluginContexts } from './plugin-contexts.js';

const config = { follow_redirects: true, enable_http2: false };
const definition = { kind: 'discovery', name: 'test' };
const limits = { signal: new AbortController().signal, maxBodyBytes: 1_000 };

describe('an instance that may not reach everything', () => {
  const network = new NetworkPolicy(['169.254.0.0/16']);
  const asked: (NetworkPolicy | undefined)[] = [];
  const server: KubernetesServer = {
    ownNamespace: undefined,
    informer: () => {
      throw new TypeError('not of this test');
    },
  };
  const kubernetesServers = {
    server: (_: unknown, policy?: NetworkPolicy) => {
      asked.push(policy);
      return server;
    },
  };
  const contexts = new PluginContexts(
    new RecordingLogger(),
    new RecordingMeter(),
    new FakeClock(),
    { proxies: {}, kubernetesServers },
  );

  it('gets an HTTP client that does not go there', async () => {
    const client = contexts.make(definition, 'job', undefined, network).httpClient(config);
    await expect(client.request('http://169.254.169.254/', limits)).rejects.toMatchObject({
      code: 'TA_HTTP_DENIED',
    });
    await client.close();
  });

  it('gets API servers that are not there', () => {
    contexts.make(definition, 'job', undefined, network).kubernetesServers?.server(config);
    contexts.make(definition, 'job').kubernetesServers?.server(config);
    expect(asked).toEqual([network, undefined]);
  });
});
