export { SystemClock } from './clock.js';
export { describeError } from './log-fields.js';
export { MetricsText } from './metrics-text.js';
export { NestLogger } from './nest-logger.js';
export { PinoLogger } from './pino-logger.js';
export { TelemetryModule, type TelemetryModuleOptions } from './telemetry.module.js';
export { CLOCK, LOGGER, METER } from './telemetry.tokens.js';
