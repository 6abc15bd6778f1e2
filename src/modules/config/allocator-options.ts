import {
  IsNotEmpty,
  Max,
  Min,
  registerDecorator,
  ValidateIf,
  validateSync,
  type ValidationArguments,
} from 'class-validator';

import { parseListenAddress } from './listen-address.js';

/** Names that plugins provide, by what they are for. */
export interface KnownNames {
  readonly strategies: readonly string[];
  readonly collectorSources: readonly string[];
}

const listenHint = 'write host:port, :port or [ipv6]:port';
const ratioHint = 'write 0.5 for half of the targets; 1 switches the check off';
const fileHint = 'give the path of a PEM file, or switch HTTPS off';

/**
 * The allocator's own options with their rules, whether they come from a flag, the environment or the file. Each message
 * is one clause of a problem; `context.hint` says what would be right.
 */
export class AllocatorOptions {
  constructor(readonly known: KnownNames) {}

  @IsListenAddress()
  listenAddr = '';

  /** Absent: in-cluster credentials. */
  kubeConfigFilePath = '';

  allowInsecureAuthSecrets = false;

  httpsEnabled = false;

  @ValidateIf(isHttps)
  @IsListenAddress()
  httpsListenAddr = '';

  @ValidateIf(isHttps)
  @IsNotEmpty({ message: 'HTTPS needs a CA for client certificates', context: { hint: fileHint } })
  httpsCaFilePath = '';

  @ValidateIf(isHttps)
  @IsNotEmpty({ message: 'HTTPS needs a certificate', context: { hint: fileHint } })
  httpsTlsCertFilePath = '';

  @ValidateIf(isHttps)
  @IsNotEmpty({ message: 'HTTPS needs a key', context: { hint: fileHint } })
  httpsTlsKeyFilePath = '';

  @ValidateIf((options: AllocatorOptions) => options.collectorSourceType === 'kubernetes')
  @IsNotEmpty({
    message: 'the namespace of the collectors is not set',
    context: { hint: 'set collector_namespace or the environment variable OTELCOL_NAMESPACE' },
  })
  collectorNamespace = '';

  @IsProvided('collectorSources', 'collector source')
  collectorSourceType = '';

  @Min(0, { message: 'must not be negative', context: { hint: '0s switches the check off' } })
  collectorNotReadyGracePeriodMs = 0;

  @Min(0, { message: 'must not be negative', context: { hint: '0s switches the check off' } })
  consistencyCheckIntervalMs = 0;

  @Min(0, { message: 'must not be negative', context: { hint: ratioHint } })
  @Max(1, { message: 'must not be more than 1', context: { hint: ratioHint } })
  maxDropRatio = 1;

  @IsProvided('strategies', 'allocation strategy')
  allocationStrategy = '';

  @ValidateIf((options: AllocatorOptions) => options.allocationFallbackStrategy !== '')
  @IsProvided('strategies', 'allocation strategy')
  allocationFallbackStrategy = '';

  /** Any other value than the one of a filter switches filtering off, as in the Go allocator. */
  filterStrategy = '';

  crEnabled = false;

  @Min(0, { message: 'must not be negative' })
  crScrapeIntervalMs = 0;

  @Min(0, { message: 'must not be negative' })
  crEvaluationIntervalMs = 0;

  @Min(0, { message: 'must not be negative', context: { hint: '0s leaves it to the default' } })
  crScrapeTimeoutMs = 0;
}

/** A rule that an option breaks. */
export interface BrokenRule {
  /** The name of the option in {@link AllocatorOptions}. */
  readonly option: string;
  readonly message: string;
  readonly hint: string | undefined;
}

/** Every rule that the options break. */
export function brokenRules(options: AllocatorOptions): readonly BrokenRule[] {
  return validateSync(options).flatMap(({ property, constraints = {}, contexts = {} }) =>
    Object.entries(constraints).map(([rule, message]) => ({
      option: property,
      message,
      hint: hintOf(contexts[rule]),
    })),
  );
}

function hintOf(context: unknown): string | undefined {
  if (typeof context !== 'object' || context === null || !('hint' in context)) return undefined;
  return typeof context.hint === 'string' ? context.hint : undefined;
}

function isHttps(options: AllocatorOptions): boolean {
  return options.httpsEnabled;
}

function IsListenAddress(): PropertyDecorator {
  return rule('isListenAddress', {
    isValid: (value) => typeof value === 'string' && parseListenAddress(value) !== undefined,
    message: () => 'not an address to listen on',
    hint: listenHint,
  });
}

function IsProvided(names: keyof KnownNames, what: string): PropertyDecorator {
  return rule('isProvided', {
    isValid: (value, { known }) => typeof value === 'string' && known[names].includes(value),
    message: ({ known }) => `unknown ${what}; there are ${known[names].join(', ')}`,
    hint: 'use one of them, or add the plugin that provides it',
  });
}

interface Rule {
  readonly isValid: (value: unknown, options: AllocatorOptions) => boolean;
  readonly message: (options: AllocatorOptions) => string;
  readonly hint: string;
}

function rule(name: string, { isValid, message, hint }: Rule): PropertyDecorator {
  return (target, propertyName) => {
    registerDecorator({
      name,
      target: target.constructor,
      propertyName: String(propertyName),
      options: { context: { hint } },
      validator: {
        validate: (value, args) => isValid(value, optionsOf(args)),
        defaultMessage: (args) => message(optionsOf(args)),
      },
    });
  };
}

function optionsOf(args: ValidationArguments | undefined): AllocatorOptions {
  const object = args?.object;
  return object instanceof AllocatorOptions
    ? object
    : new AllocatorOptions({ strategies: [], collectorSources: [] });
}
