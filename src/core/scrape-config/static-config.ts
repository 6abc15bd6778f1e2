import { list, mapOf, struct } from '../document/collections.js';
import type { Cursor } from '../document/cursor.js';
import { type Decoder, refined, text } from '../document/decoder.js';
import type { StaticConfig } from './model.js';
import { labelName } from './name-schemes.js';
import { omitEmpty } from './omit-empty.js';

/** One element of `static_configs`. */
export const staticConfig: Decoder<StaticConfig> = refined(
  struct({ targets: list(text), labels: mapOf(text, labelName) }),
  ({ targets = [], labels }) => ({ targets, ...omitEmpty({ labels }) }),
);

/**
 * Without relabeling, the targets themselves are what is scraped: a URL instead of `host:port` is a mistake.
 *
 * @param at The list `static_configs`.
 * @see https://github.com/prometheus/prometheus/blob/v3.14.0/config/config.go, `CheckTargetAddress`
 */
export function checkStaticTargets(configs: readonly StaticConfig[], at: Cursor): void {
  configs.forEach(({ targets }, group) => {
    targets.forEach((target, index) => {
      if (!target.includes('/')) return;
      at.item(group).field('targets').item(index).error('not a valid host name', {
        hint: 'write host:port, and the path into metrics_path',
      });
    });
  });
}
