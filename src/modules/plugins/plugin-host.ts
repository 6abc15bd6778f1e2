import { Injectable } from '@nestjs/common';
import type {
  DefinitionKind,
  PluginContext,
  Source,
  StandardSchema,
} from '../../plugin-api/index.js';
import type { NetworkPolicy } from '../http-client/index.js';
import { PluginContexts } from './plugin-contexts.js';
import type { NamedDefinition } from './plugin-options.js';
import { PluginRegistry, type DefinitionOf } from './plugin-registry.js';
import { UnknownPluginError } from './plugins.errors.js';
import { runSource, type RunningSource, type RunSourceOptions } from './run-source.js';
import { validateOptions } from './validate-options.js';

/** Any definition, as seen by one who does not know its configuration. */
interface Making<Made> {
  readonly kind: string;
  readonly name: string;
  readonly configSchema?: StandardSchema;
  create(config: never, context: PluginContext): Made;
}

/** Makes instances of what plugins provide, and supervises those that are sources. */
@Injectable()
export class PluginHost {
  constructor(
    private readonly registry: PluginRegistry,
    private readonly contexts: PluginContexts,
  ) {}

  /**
   * The definition of this kind and name.
   *
   * @throws UnknownPluginError listing those there are.
   */
  definition<K extends DefinitionKind>(kind: K, name: string): DefinitionOf<K> {
    const found = this.registry.find(kind, name);
    if (found === undefined) {
      throw new UnknownPluginError(kind, name, this.registry.names(kind));
    }
    return found;
  }

  /** The options that the plugin's entry in the configuration has for a definition; `{}` without any. */
  optionsOf(definition: NamedDefinition): unknown {
    return this.registry.optionsOf(definition);
  }

  /**
   * Checks the options with the definition's schema, where it has one, and makes an instance.
   *
   * @param instance What it is made for: a job of a discovery, for instance. Names its logger.
   * @param network What it may not connect to; absent: it may reach everything.
   * @throws PluginOptionsError when the schema refuses the options; whatever `create` throws.
   */
  async make<Made>(
    definition: Making<Made>,
    options: unknown,
    instance?: string,
    network?: NetworkPolicy,
  ): Promise<Made> {
    const { configSchema } = definition;
    const config =
      configSchema === undefined
        ? options
        : await validateOptions({ ...definition, configSchema }, options);
    const owner = this.registry.ownerOf(definition);
    const context = this.contexts.make(definition, instance, owner, network);
    // eslint-disable-next-line @typescript-eslint/no-unsafe-type-assertion -- its own schema, or the document's decoder, has checked it
    return definition.create(config as never, context);
  }

  /** Runs a source until the signal aborts; see {@link runSource}. */
  run<T>(
    source: Source<T>,
    options: Pick<RunSourceOptions<T>, 'emit' | 'name' | 'signal'>,
  ): RunningSource {
    const { clock, logger } = this.contexts;
    return runSource(source, { ...options, clock, logger, random: Math.random });
  }
}
