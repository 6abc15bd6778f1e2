import type { InstrumentOptions, Logger, Meter, Summary } from '../../plugin-api/index.js';

const prefix = 'opentelemetry_allocator_plugin_';

/** A name as metrics have it: `@team/zone-aware` → `team_zone_aware`. */
function metricName(name: string): string {
  return name.replace(/[^a-zA-Z0-9]+/g, '_').replace(/^_|_$/g, '');
}

/** Where the host keeps no summaries. */
const nothing: Summary = { record: () => undefined, remove: () => undefined };

/**
 * A meter whose metrics all carry the plugin's name (`opentelemetry_allocator_plugin_<name>_…`), so that no plugin can
 * touch a metric of the allocator or of another one.
 */
export function pluginMeter(meter: Meter, plugin: string): Meter {
  const own = <Options extends InstrumentOptions>(options: Options): Options => ({
    ...options,
    name: `${prefix}${metricName(plugin)}_${options.name}`,
  });
  return {
    counter: (options) => meter.counter(own(options)),
    histogram: (options) => meter.histogram(own(options)),
    summary: (options) => meter.summary?.(own(options)) ?? nothing,
    observableGauge: (options, observe) => {
      meter.observableGauge(own(options), observe);
    },
    observableCounter: (options, observe) => {
      meter.observableCounter(own(options), observe);
    },
  };
}

/** A logger whose lines carry the plugin's name. */
export function pluginLogger(logger: Logger, plugin: string): Logger {
  return logger.child(`plugin.${plugin}`);
}
