import { describe, expect, it } from 'vitest';
import {
  labelSetOf,
  type LabelSet,
  type PluginContext,
  type RelabelConfig,
  type ScrapeConfig,
  type TargetFilter,
} from '../../../plugin-api/index.js';
import { relabelConfigFilter } from './relabel-config-filter.js';

function jobOf(
  relabel_configs: readonly RelabelConfig[],
  more: Partial<ScrapeConfig> = {},
): ScrapeConfig {
  return {
    job_name: 'the job',
    scrape_interval: '1m30s',
    scrape_timeout: '9s500ms',
    metrics_path: '/metrics',
    scheme: 'https',
    follow_redirects: true,
    enable_http2: true,
    relabel_configs,
    ...more,
  };
}

// It takes no configuration and asks nothing of its context.
const create = (): TargetFilter => relabelConfigFilter.create(undefined, {} as PluginContext);

/** Runs the filter by both ways, which must agree. */
function relabeled(
  job: ScrapeConfig,
  labels: LabelSet,
): Readonly<Record<string, string>> | undefined {
  const filter = create();
  const general = filter.prepare(job)(labels);
  const program = filter.compile?.(job, Object.keys(labels));
  if (program !== undefined) {
    const row: string[] = [];
    const isKept = program.run(Object.values(labels), row);
    const compiled = program.outputNames
      .map((name, i) => [name, row[i] ?? ''] as const)
      .filter(([, value]) => value !== '');
    expect(isKept ? labelSetOf(compiled) : undefined).toEqual(general);
  }
  return general && { ...general };
}

const address = labelSetOf([['__address__', 'h:1']]);
const seeds = {
  job: 'the job',
  __scrape_interval__: '1m30s',
  __scrape_timeout__: '9s500ms',
  __metrics_path__: '/metrics',
  __scheme__: 'https',
};

describe('the relabel-config filter', () => {
  it('gives a target what Prometheus gives it before the rules: job, scheme, path, times, first parameters', () => {
    const job = jobOf([], { params: { module: ['http', 'icmp'], none: [] } });
    expect(relabeled(job, address)).toEqual({
      __address__: 'h:1',
      ...seeds,
      __param_module: 'http',
    });
  });

  it("lets a target's own value win over the job's, unless it is empty", () => {
    const labels = labelSetOf([
      ['__scheme__', 'http'],
      ['__metrics_path__', ''],
    ]);
    expect(relabeled(jobOf([]), labels)).toEqual({ ...seeds, __scheme__: 'http' });
  });

  it('switches sharding off for the rules and leaves no trace of that', () => {
    const keepUnsharded: RelabelConfig = {
      source_labels: ['__tmp_disable_sharding'],
      regex: 'true',
      action: 'keep',
    };
    expect(relabeled(jobOf([keepUnsharded]), address)).toEqual({ __address__: 'h:1', ...seeds });
  });

  it('drops what the rules drop, whether that is known for all targets or for one', () => {
    const byJob: RelabelConfig = { source_labels: ['job'], regex: 'the .*', action: 'drop' };
    const byAddress: RelabelConfig = {
      source_labels: ['__address__'],
      regex: 'h:.',
      action: 'drop',
    };
    expect(relabeled(jobOf([byJob]), address)).toBeUndefined();
    expect(relabeled(jobOf([byAddress]), address)).toBeUndefined();
  });

  it('keeps a target whose address becomes empty', () => {
    const job = jobOf([{ target_label: '__address__', replacement: '' }]);
    expect(relabeled(job, address)).toEqual(seeds);
  });

  it('gives no names that the job does not allow', () => {
    const rules: RelabelConfig[] = [
      { source_labels: ['__address__'], target_label: 'größe' },
      { source_labels: ['__address__'], target_label: '${1}_ok', regex: '(.).*', replacement: 'x' },
    ];
    const legacy = jobOf(rules, { metric_name_validation_scheme: 'legacy' });
    expect(relabeled(legacy, address)).toEqual({ __address__: 'h:1', ...seeds, h_ok: 'x' });
    expect(relabeled(jobOf(rules), address)).toMatchObject({ größe: 'h:1' });
  });

  it('declines to compile where names depend on values', () => {
    const job = jobOf([{ source_labels: ['__address__'], target_label: '$1' }]);
    expect(create().compile?.(job, ['__address__'])).toBeUndefined();
  });
});
