import { describe, expect, it } from 'vitest';
import { discoveryOf, inCreds, rejectionsOf } from '../testing/converted.js';
import {
  authorization,
  authorizationFields,
  connection,
  connectionFields,
} from '../testing/whole-client.js';

describe('discovery at Amazon', () => {
  const keys = { accessKey: inCreds('key'), secretKey: inCreds('token') };
  const keyFields = { access_key: 'AKIA', secret_key: { secret: 't0ken' } };

  it('writes every field of ec2', () => {
    const entry = {
      region: 'eu-west-1',
      ...keys,
      roleARN: 'arn:aws:iam::1:role/sd',
      port: 9100,
      refreshInterval: '1m',
      filters: [{ name: 'tag:env', values: ['prod'] }],
      ...connection,
    };
    expect(discoveryOf('ec2SDConfigs', entry)).toEqual({
      ec2_sd_configs: [
        {
          region: 'eu-west-1',
          ...keyFields,
          role_arn: 'arn:aws:iam::1:role/sd',
          port: 9100,
          refresh_interval: '1m',
          filters: [{ name: 'tag:env', values: ['prod'] }],
          ...connectionFields,
        },
      ],
    });
  });

  it('writes every field of lightsail', () => {
    const entry = {
      region: 'eu-west-1',
      ...keys,
      roleARN: 'arn:aws:iam::1:role/sd',
      endpoint: 'https://lightsail',
      port: 9100,
      refreshInterval: '1m',
      authorization,
      ...connection,
    };
    expect(discoveryOf('lightSailSDConfigs', entry)).toEqual({
      lightsail_sd_configs: [
        {
          region: 'eu-west-1',
          ...keyFields,
          role_arn: 'arn:aws:iam::1:role/sd',
          endpoint: 'https://lightsail',
          port: 9100,
          refresh_interval: '1m',
          authorization: authorizationFields,
          ...connectionFields,
        },
      ],
    });
  });

  it('uses one of the keys only together with the other', () => {
    expect(discoveryOf('ec2SDConfigs', { accessKey: inCreds('key') })).toEqual({
      ec2_sd_configs: [{}],
    });
    expect(discoveryOf('ec2SDConfigs', { secretKey: inCreds('token') })).toEqual({
      ec2_sd_configs: [{}],
    });
  });

  it('rejects a single key that is not there', () => {
    expect(rejectionsOf({ ec2SDConfigs: [{ secretKey: inCreds('none') }] })).toEqual([
      'spec.ec2SDConfigs[0].secretKey: Secret shop/creds has no key "none"',
    ]);
  });

  it('takes no way to authenticate with HTTP for ec2, which has none', () => {
    expect(discoveryOf('ec2SDConfigs', { authorization })).toEqual({ ec2_sd_configs: [{}] });
  });
});
