import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  labelSetOf,
  type Load,
  type PluginContext,
  type Target,
} from '../../../plugin-api/index.js';
import { perNode } from './per-node.js';

// It takes no configuration and asks nothing of its context.
const strategy = perNode.create(undefined, {} as PluginContext);
const idle: Load = { targets: () => 0, targetsOfJob: () => 0 };
const collectors = ['n0', 'n1', 'n2'].map((node) => ({ name: `collector-${node}`, node }));
const meta = (labels: Readonly<Record<string, string>>): Target => ({
  job: 'j',
  address: 'h:1',
  labels: labelSetOf(
    Object.entries(labels).map(([name, value]) => [`__meta_kubernetes_${name}`, value]),
  ),
});
const endpointNode = { endpointslice_address_target_name: 'n2' };

describe('per-node', () => {
  it.each([
    [
      'the pod’s node first',
      { pod_node_name: 'n0', node_name: 'n1', endpoint_node_name: 'n2' },
      'n0',
    ],
    ['then the node', { node_name: 'n1', endpoint_node_name: 'n2' }, 'n1'],
    ['then the endpoint’s node', { endpoint_node_name: 'n2', ...endpointNode }, 'n2'],
    ['an empty value not at all', { pod_node_name: '', node_name: 'n1' }, 'n1'],
    ['a reference to a node', { endpointslice_address_target_kind: 'Node', ...endpointNode }, 'n2'],
  ])('looks at %s', (_what, labels, node) => {
    const picked = strategy.prepare(collectors)(meta(labels), undefined, idle);
    expect(picked).toBe(`collector-${node}`);
    expect(strategy.handles?.(meta(labels))).toBe(true);
  });

  it.each([
    ['no node label', {}],
    ['a reference to a pod', { endpointslice_address_target_kind: 'Pod', ...endpointNode }],
    ['another spelling of Node', { endpointslice_address_target_kind: 'node', ...endpointNode }],
    ['the slice’s own node name', { endpointslice_endpoint_node_name: 'n0' }],
    ['empty values only', { pod_node_name: '', endpointslice_address_target_kind: 'Node' }],
  ])('has no opinion on a target with %s', (_what, labels) => {
    expect(strategy.handles?.(meta(labels))).toBe(false);
    expect(strategy.prepare(collectors)(meta(labels), undefined, idle)).toBeUndefined();
    expect(strategy.whyUnassigned?.(meta(labels))).toBe('the target has no node');
  });

  it('has an opinion on a target whose node has no collector: it stays unassigned', () => {
    const target = meta({ pod_node_name: 'n9' });
    expect(strategy.handles?.(target)).toBe(true);
    expect(strategy.prepare(collectors)(target, undefined, idle)).toBeUndefined();
    expect(strategy.whyUnassigned?.(target)).toBe('no collector on node n9');
  });

  it('says which labels it reads', () => {
    const seen = new Set<string>();
    const labels = new Proxy(labelSetOf([]), {
      get: (_target, name) => {
        seen.add(String(name));
        return undefined;
      },
    });
    strategy.handles?.({ job: 'j', address: '', labels });
    const reference = '__meta_kubernetes_endpointslice_address_target_name';
    expect(new Set([...seen, reference])).toEqual(new Set(strategy.reads));
  });

  it('chooses the same of two collectors on a node in a thousand orders', () => {
    const twins = [...collectors, { name: 'collector-n0-new', node: 'n0' }, { name: 'no-node' }];
    const picks = new Set<string | undefined>();
    fc.assert(
      fc.property(fc.shuffledSubarray(twins, { minLength: twins.length }), (order) => {
        picks.add(strategy.prepare(order)(meta({ node_name: 'n0' }), undefined, idle));
      }),
      { numRuns: 1000 },
    );
    expect([...picks]).toEqual(['collector-n0']);
  });
});
