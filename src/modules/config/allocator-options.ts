import {
  IsIn,
  IsNotEmpty,
  Min,
  registerDecorator,
  ValidateIf,
  type ValidationArguments,
} from 'class-validator';

import { parseListenAddress } from './listen-address.js';

/** Names that plugins provide, by what they are for. */
export interface KnownNames {
  readonly strategies: readonly string[];
  readonly collectorSources: readonly string[];
}

const listenHint = 'write host:port, :port or [ipv6]:port';
const fileHint = 'give the path of a PEM file, or switch HTTPS off';

/**
 * The allocator's own options with their rules, whether they come from a flag, the environment or the file. Each message
 * is one clause of a problem; `context.hint` says what would be right.
 */
export class AllocatorOptions {
  constructor(readonly known: KnownNames) {}

  @IsListenAddress()
  listenAddr = '';

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

  @IsProvided('strategies', 'allocation strategy')
  allocationStrategy = '';

  @ValidateIf((options: AllocatorOptions) => options.allocationFallbackStrategy !== '')
  @IsProvided('strategies', 'allocation strategy')
  allocationFallbackStrategy = '';

  @Min(0, { message: 'must not be negative' })
  crScrapeIntervalMs = 0;

  @Min(0, { message: 'must not be negative' })
  crEvaluationIntervalMs = 0;

  @IsIn([true], {
    message: 'allow_namespaces and deny_namespaces exclude each other',
    context: { hint: 'keep one of them' },
  })
  hasOneNamespaceList = true;

  @IsIn([true], {
    message: 'no scrape config, and custom resources are not watched either',
    context: { hint: 'add config.scrape_configs, or enable prometheus_cr' },
  })
  hasJobs = true;
}

/** The properties that have rules. */
export type OptionName = Exclude<keyof AllocatorOptions, 'known'>;

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
