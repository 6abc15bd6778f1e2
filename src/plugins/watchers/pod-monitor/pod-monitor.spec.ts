import { describe, expect, it } from 'vitest';
import { converted, lookupOf, onlyJob, optionsOf } from '../testing/conversions.js';
import { podMonitor } from './pod-monitor.js';

const kind = podMonitor(optionsOf());
const endpoint = (fields: object, spec: object = {}) => ({
  podMetricsEndpoints: [fields],
  ...spec,
});
const keptPort = (fields: object) => {
  const rules = onlyJob(kind, endpoint(fields))['relabel_configs'] as Record<string, unknown>[];
  const about = rules.find((rule) => String(rule['source_labels']).includes('container_port'));
  return about === undefined ? undefined : [String(about['source_labels']), about['regex']];
};

describe('a PodMonitor', () => {
  it('names its jobs and the label job by itself', () => {
    const job = onlyJob(kind, endpoint({}));
    expect(job).toMatchObject({ job_name: 'podMonitor/shop/web/0', honor_labels: false });
    expect(job['relabel_configs']).toContainEqual({
      target_label: 'job',
      replacement: 'shop/web',
    });
  });

  it('keeps a port by name before number before the former field', () => {
    const name = '__meta_kubernetes_pod_container_port_name';
    const number = '__meta_kubernetes_pod_container_port_number';
    expect(keptPort({ port: 'a', portNumber: 1, targetPort: 2 })).toEqual([name, 'a']);
    expect(keptPort({ port: '', portNumber: 1, targetPort: 2 })).toEqual([number, '1']);
    expect(keptPort({ portNumber: 0, targetPort: 2 })).toEqual([number, '2']);
    expect(keptPort({ targetPort: 'x' })).toEqual([name, 'x']);
    expect(keptPort({})).toBeUndefined();
  });

  it('drops pods that have ended unless it wants them', () => {
    const dropped = { action: 'drop', regex: '(Failed|Succeeded)' };
    const rules = (fields: object) => onlyJob(kind, endpoint(fields))['relabel_configs'];
    expect(rules({})).toContainEqual(expect.objectContaining(dropped));
    expect(rules({ filterRunning: false })).not.toContainEqual(expect.objectContaining(dropped));
  });

  it('asks the API server for the Pods alone when it selects by queries', () => {
    const selector = { selector: {}, selectorMechanism: 'RoleSelector' };
    expect(onlyJob(kind, endpoint({}, selector))['kubernetes_sd_configs']).toEqual([
      { role: 'pod', namespaces: { names: ['shop'] }, selectors: [{ role: 'pod', label: '' }] },
    ]);
  });

  it('names no files, whatever its author writes', () => {
    const tlsConfig = { caFile: '/ca', insecureSkipVerify: true };
    const job = onlyJob(kind, endpoint({ tlsConfig, bearerTokenFile: '/token' }));
    expect(job['tls_config']).toEqual({ insecure_skip_verify: true });
    expect(JSON.stringify(job)).not.toContain('/token');
  });

  it('takes a bearer token only where a Secret and a key are named', () => {
    const lookup = lookupOf({ 'shop/a/t': 'token' });
    const tokenOf = (bearerTokenSecret: object) =>
      onlyJob(kind, endpoint({ bearerTokenSecret }), lookup)['bearer_token'];
    expect(tokenOf({ name: 'a', key: 't' })).toBeDefined();
    expect(tokenOf({ name: 'a', key: '' })).toBeUndefined();
    expect(tokenOf({ name: '', key: 't' })).toBeUndefined();
  });

  it('is rejected for a port number that is a text', () => {
    expect(converted(kind, endpoint({ portNumber: '80' })).rejected).toEqual([
      'spec.podMetricsEndpoints[0].portNumber: must be a number',
    ]);
  });
});
