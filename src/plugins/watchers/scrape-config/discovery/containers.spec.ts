import { describe, expect, it } from 'vitest';
import { discoveryOf, rejectionsOf } from '../testing/converted.js';
import {
  authorization,
  authorizationFields,
  basicAuth,
  basicAuthFields,
  connection,
  connectionFields,
} from '../testing/whole-client.js';

describe('discovery of containers', () => {
  const filters = [
    { name: 'name', values: ['web'] },
    { name: 'label', values: ['a=b', 'c'] },
  ];
  const sorted = [
    { name: 'label', values: ['a=b', 'c'] },
    { name: 'name', values: ['web'] },
  ];

  it('writes every field of docker', () => {
    const entry = {
      host: 'unix:///var/run/docker.sock',
      port: 80,
      hostNetworkingHost: 'localhost',
      matchFirstNetwork: false,
      filters,
      refreshInterval: '1m',
      basicAuth,
      ...connection,
    };
    expect(discoveryOf('dockerSDConfigs', entry)).toEqual({
      docker_sd_configs: [
        {
          host: 'unix:///var/run/docker.sock',
          port: 80,
          host_networking_host: 'localhost',
          match_first_network: false,
          filters: sorted,
          refresh_interval: '1m',
          basic_auth: basicAuthFields,
          ...connectionFields,
        },
      ],
    });
  });

  it('writes every field of dockerswarm', () => {
    const entry = {
      host: 'tcp://swarm:2375',
      role: 'Tasks',
      port: 80,
      filters,
      refreshInterval: '1m',
      authorization,
      ...connection,
    };
    expect(discoveryOf('dockerSwarmSDConfigs', entry)).toEqual({
      dockerswarm_sd_configs: [
        {
          host: 'tcp://swarm:2375',
          role: 'tasks',
          port: 80,
          filters: sorted,
          refresh_interval: '1m',
          authorization: authorizationFields,
          ...connectionFields,
        },
      ],
    });
  });

  it('leaves out filters that are empty', () => {
    expect(discoveryOf('dockerSDConfigs', { host: 'tcp://h', filters: [] })).toEqual({
      docker_sd_configs: [{ host: 'tcp://h' }],
    });
  });

  it.each([
    ['dockerSDConfigs', { host: 'http://h:x/' }, 'host: invalid port ":x" after the host'],
    ['dockerSwarmSDConfigs', { host: '%zz', role: 'Tasks' }, 'host: invalid URL escape "%zz"'],
    ['dockerSwarmSDConfigs', { host: 'tcp://h' }, 'role: is required'],
  ])('rejects %s with %j', (list, entry, reason) => {
    expect(rejectionsOf({ [list]: [entry] })).toEqual([`spec.${list}[0].${reason}`]);
  });
});
