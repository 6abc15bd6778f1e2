import type { Cursor } from '../../core/document/cursor.js';
import { formatPrometheusDuration } from '../../core/duration/prometheus-duration.js';
import type { AllocatorConfig } from './allocator-config.js';
import { AllocatorOptions, brokenRules, type KnownNames } from './allocator-options.js';
import { defaultCrScrapeIntervalMs, defaultFilterStrategy } from './defaults.js';
import type { Place } from './option-picker.js';
import type { ConfigSources } from './overrides.js';
import type { PickedOptions } from './pick-options.js';

/** Checks each option by its rules; a problem goes to where the value was written. */
export function checkOptions(picked: PickedOptions, known: KnownNames): void {
  const options = new AllocatorOptions(known);
  const places = new Map<string, Place>();
  for (const [name, { value, place }] of Object.entries(picked)) {
    Reflect.set(options, name, value);
    places.set(name, place);
  }
  for (const { option, message, hint } of brokenRules(options)) {
    places.get(option)?.error(message, hint === undefined ? {} : { hint });
  }
}

/** Without jobs there is nothing to do, unless custom resources bring them. */
export function checkJobs({ prometheus, prometheusCr }: AllocatorConfig, at: Cursor): void {
  if (prometheus.scrape_configs.length > 0 || prometheusCr.enabled) return;
  at.field('config').error('no scrape config, and custom resources are not watched either', {
    hint: 'add config.scrape_configs, or enable prometheus_cr',
    hideValue: true,
  });
}

export function checkNamespaces({ prometheusCr }: AllocatorConfig, at: Cursor): void {
  if (prometheusCr.allowNamespaces.length === 0 || prometheusCr.denyNamespaces.length === 0) return;
  at.field('prometheus_cr')
    .key('deny_namespaces')
    .error('allow_namespaces and deny_namespaces exclude each other', {
      hint: 'keep one of them',
      hideValue: true,
    });
}

/** The operator refuses such a Prometheus resource. */
export function checkScrapeTimeout({ crScrapeTimeoutMs, crScrapeIntervalMs }: PickedOptions): void {
  const intervalMs = crScrapeIntervalMs.value || defaultCrScrapeIntervalMs;
  if (crScrapeTimeoutMs.value <= intervalMs) return;
  crScrapeTimeoutMs.place.error('longer than the scrape interval', {
    hint: `at most ${formatPrometheusDuration(intervalMs)}, or a longer scrape_interval`,
  });
}

/** Warns of what is allowed, but hardly what its author had in mind. */
export function warnOfSurprises(config: AllocatorConfig, at: Cursor, sources: ConfigSources): void {
  warnOfCollectors(config, at);
  if (config.prometheusCr.enabled) warnOfCustomResources(config, at.field('prometheus_cr'));
  if (config.filterStrategy !== defaultFilterStrategy) {
    at.field('filter_strategy').warn('targets are not filtered: no relabel config drops any', {
      hint: `only ${defaultFilterStrategy} filters`,
    });
  }
  const insecure = sources.env['ALLOW_INSECURE_AUTH_SECRETS'] ?? '';
  if (/^(?:1|t|y|yes|on|true)$/i.test(insecure) && insecure !== 'true') {
    at.warn('ALLOW_INSECURE_AUTH_SECRETS in the environment does not count', {
      hint: 'it must be exactly true',
      hideValue: true,
    });
  }
}

function warnOfCollectors(config: AllocatorConfig, at: Cursor): void {
  const { type } = config.collectorSource;
  const isKubernetes = type === 'kubernetes';
  const selector = at.field('collector_selector');
  if (isKubernetes && config.collectorSelector === undefined) {
    selector.warn('no collector is selected, so every target stays unassigned', {
      hint: 'select the collectors by their labels; {} selects every pod of the namespace',
      hideValue: true,
    });
  }
  if (!isKubernetes && config.collectorSelector !== undefined) {
    selector.warn(`not used by the collector source ${type}`, { hint: 'remove it' });
  }
}

const selectors = [
  ['serviceMonitorSelector', 'service_monitor_selector'],
  ['podMonitorSelector', 'pod_monitor_selector'],
  ['probeSelector', 'probe_selector'],
  ['scrapeConfigSelector', 'scrape_config_selector'],
] as const;

function warnOfCustomResources({ prometheusCr }: AllocatorConfig, at: Cursor): void {
  for (const [name, key] of selectors) {
    if (prometheusCr[name] !== undefined) continue;
    at.field(key).warn('without a selector no resource of this kind is taken', {
      hint: '{} takes all of them',
      hideValue: true,
    });
  }
}
