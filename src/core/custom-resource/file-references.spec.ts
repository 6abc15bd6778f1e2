import { describe, expect, it } from 'vitest';
import { Secret } from '../document/secret.js';
import { fileReferences } from './file-references.js';

const tls = ['ca_file', 'cert_file', 'key_file'].map((name) => ({
  tls_config: { [name]: '/etc/x' },
}));
const client: readonly object[] = [
  ...tls,
  { authorization: { credentials_file: '/etc/x' } },
  { basic_auth: { username: 'a', password_file: '/etc/x' } },
  { basic_auth: { username_file: '/etc/x' } },
  { bearer_token_file: '/etc/x' },
  { oauth2: { client_id: 'a', client_secret_file: '/etc/x' } },
  { oauth2: { client_certificate_key_file: '/etc/x' } },
  ...tls.map((config) => ({ oauth2: config })),
  { http_headers: { 'X-Token': { files: ['/etc/x'] } } },
  { http_headers: { files: { files: ['/etc/x'] } } },
  { proxy_url: 'unix:///etc/x' },
];
const ofMechanisms: readonly object[] = [
  { file_sd_configs: [{ files: ['/etc/x'] }] },
  { kubernetes_sd_configs: [{ role: 'pod', kubeconfig_file: '/etc/x' }] },
  { marathon_sd_configs: [{ auth_token_file: '/etc/x' }] },
  { oci_sd_configs: [{ key_file: '/etc/x' }] },
  { oci_sd_configs: [{ key_passphrase_file: '/etc/x' }] },
  { outscale_sd_configs: [{ secret_key_file: '/etc/x' }] },
  { scaleway_sd_configs: [{ secret_key_file: '/etc/x' }] },
  { stackit_sd_configs: [{ credentials_file_path: '/etc/x' }] },
  { stackit_sd_configs: [{ private_key_path: '/etc/x' }] },
  { stackit_sd_configs: [{ service_account_key_path: '/etc/x' }] },
  { docker_sd_configs: [{ host: 'unix:///var/run/docker.sock' }] },
  { dockerswarm_sd_configs: [{ host: 'unix:///var/run/docker.sock' }] },
  { http_sd_configs: [{ url: 'file:///etc/x' }] },
  ...client.map((config) => ({ http_sd_configs: [{ url: 'http://a' }, config] })),
];

describe('the files that a job names', () => {
  it.each([...client, ...ofMechanisms])('finds that of %j', (fields) => {
    expect(fileReferences({ job_name: 'j', ...fields }, '/own/kubeconfig')).toHaveLength(1);
  });

  it('tells where the file is named', () => {
    const job = { job_name: 'j', http_sd_configs: [{}, { tls_config: { ca_file: '/etc/x' } }] };
    expect(fileReferences(job, '')).toEqual([
      { path: 'http_sd_configs[1].tls_config.ca_file', value: '/etc/x' },
    ]);
  });

  it("does not count the allocator's own kubeconfig file", () => {
    const job = { job_name: 'j', kubernetes_sd_configs: [{ kubeconfig_file: '/own/kubeconfig' }] };
    expect(fileReferences(job, '/own/kubeconfig')).toEqual([]);
    expect(fileReferences(job, '')).toHaveLength(1);
  });

  it.each([
    { tls_config: { ca_file: '' } },
    { file_sd_configs: [{ files: [] }] },
    { params: { ca_file: ['/etc/x'], files: ['/etc/x'] } },
    { static_configs: [{ targets: ['a:1'], labels: { key_file: '/etc/x', files: '/etc/x' } }] },
    { oauth2: { endpoint_params: { key_file: '/etc/x' }, claims: { files: ['/etc/x'] } } },
    { http_headers: { key_file: { values: ['a'] }, files: { values: ['/etc/x'] } } },
    { metrics_path: '/etc/x' },
    { relabel_configs: [{ target_label: 'ca_file', replacement: '/etc/x' }] },
    { authorization: { credentials: new Secret('/etc/x') } },
    { docker_sd_configs: [{ host: 'tcp://docker:2375' }] },
  ])('finds none in %j', (fields) => {
    expect(fileReferences({ job_name: 'j', ...fields }, '')).toEqual([]);
  });
});
