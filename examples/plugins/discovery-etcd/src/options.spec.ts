import { describe, expect, it } from 'vitest';
import { configSchema } from './options.js';

const validate = configSchema['~standard'].validate;
const least = { endpoints: ['http://etcd:2379'], prefix: '/services/' };

describe('the configuration of etcd_sd_configs', () => {
  it('has defaults', () => {
    expect(validate(least)).toEqual({
      value: { ...least, tls_config: {}, refreshIntervalMs: 300_000 },
    });
  });

  it('is taken as it is written', () => {
    const written = {
      ...least,
      ...{ username: 'allocator', password_file: '/etc/password' },
      tls_config: { ca_file: '/ca', cert_file: '/cert', key_file: '/key' },
    };
    expect(validate({ ...written, refresh_interval: '1m' })).toEqual({
      value: { ...written, refreshIntervalMs: 60_000 },
    });
  });

  it.each([
    [['endpoints'], { endpoints: [] }],
    [['endpoints'], { endpoints: 'http://etcd' }],
    [['endpoints', 0], { endpoints: ['etcd:2379'] }],
    [['endpoints', 0], { endpoints: ['http://user:secret@etcd:2379'] }],
    [['endpoints', 0], { endpoints: ['http://etcd:2379/v3'] }],
    [['prefix'], { prefix: '' }],
    [['prefix'], { prefix: 7 }],
    [['username'], { username: 'a' }],
    [['username'], { password_file: '/etc/password' }],
    [['tls_config', 'cert_file'], { tls_config: { cert_file: '/cert' } }],
    [['tls_config', 'ca'], { tls_config: { ca: 'x' } }],
    [['tls_config'], { tls_config: 'x' }],
    [['refresh_interval'], { refresh_interval: 'often' }],
    [['refresh_interval'], { refresh_interval: '10ms' }],
    [['url'], { url: 'x' }],
  ])('is refused with the key %j that is wrong', (path, wrong) => {
    const { issues = [] } = validate({ ...least, ...wrong }) as { issues?: readonly unknown[] };
    expect(issues).toEqual([expect.objectContaining({ path })]);
  });

  it('is refused when it is no mapping', () => {
    expect(validate(undefined)).toMatchObject({ issues: [{ message: 'must be a mapping' }] });
  });
});
