import { list, struct } from '../document/collections.js';
import { type Decoder, refined, text } from '../document/decoder.js';
import { formatPrometheusDuration } from '../duration/prometheus-duration.js';
import type { FileSdConfig } from './model.js';
import { durationMs } from './value-decoders.js';

const fileName = /^[^*]*(\*[^/]*)?\.(json|yml|yaml|JSON|YML|YAML)$/;
const defaultRefreshMs = 300_000;

/** One element of `file_sd_configs`. */
export const fileSdConfig: Decoder<FileSdConfig> = refined(
  struct({ files: list(text), refresh_interval: durationMs }),
  ({ files = [], refresh_interval: refreshMs = defaultRefreshMs }, at) => {
    if (files.length === 0) at.field('files').error('needs at least one path');
    files.forEach((file, index) => {
      if (fileName.test(file)) return;
      at.field('files').item(index).error('not a valid path for file discovery', {
        hint: 'end it in .json, .yml or .yaml; only its last part may have a *',
      });
    });
    return { files, ...refreshInterval(refreshMs) };
  },
);

/** A refresh interval of 0 is left out of the canonical document. */
export function refreshInterval(ms: number): { readonly refresh_interval?: string } {
  return ms === 0 ? {} : { refresh_interval: formatPrometheusDuration(ms) };
}
