import type { RelabelRule } from './relabelings.js';

/**
 * The rules with which the operator spreads targets over shards. There is one shard here; collectors replace
 * `$(SHARD)`, and the allocator leaves these rules out when it filters targets.
 *
 * @param shardedBy The label whose value decides: `__address__`, or `__param_target` for probes.
 */
export function shardingRules(shardedBy: string): readonly RelabelRule[] {
  return [
    {
      source_labels: [shardedBy, '__tmp_hash'],
      target_label: '__tmp_hash',
      regex: '(.+);',
      replacement: '$1',
      action: 'replace',
    },
    { source_labels: ['__tmp_hash'], target_label: '__tmp_hash', modulus: 1, action: 'hashmod' },
    {
      source_labels: ['__tmp_hash', '__tmp_disable_sharding'],
      regex: '$(SHARD);|.+;.+',
      action: 'keep',
    },
  ];
}
