import type { Clock } from '../../plugin-api/index.js';
import type { PluginHost } from '../plugins/index.js';
import { Incarnations } from './incarnations.js';
import { Provider, type ProviderListener } from './provider.js';
import type { SdConfig } from './sd-config.js';

/** The providers that there are, one for each configuration. */
export class ProviderSet {
  readonly #byIdentity = new Map<string, Provider>();
  readonly #incarnations = new Incarnations();

  constructor(
    private readonly host: PluginHost,
    private readonly clock: Pick<Clock, 'monotonicMs'>,
    private readonly listener: ProviderListener,
  ) {}

  /** One that could not be made is made anew with each version: what it lacked may be there now. */
  usable(sd: SdConfig): Provider | undefined {
    const known = this.#byIdentity.get(sd.identity);
    return known?.failure === undefined ? known : undefined;
  }

  /** A new one, not yet started. */
  make(sd: SdConfig): Provider {
    const made = new Provider(this.#nextKey(sd), sd, this.host, this.listener);
    this.#byIdentity.set(sd.identity, made);
    return made;
  }

  /** The provider is used no more. */
  remove(provider: Provider): void {
    const { identity } = provider.sd;
    if (this.#byIdentity.get(identity) !== provider) return;
    this.#byIdentity.delete(identity);
    this.#incarnations.ended(identity, this.clock.monotonicMs());
  }

  values(): Iterable<Provider> {
    return this.#byIdentity.values();
  }

  /**
   * The order of targets depends on the keys, so they are made of the configuration: every replica has the same. A later
   * provider of the same configuration has another key, because what is left of the former one is not its own.
   */
  #nextKey({ mechanism, identity }: SdConfig): string {
    const incarnation = this.#incarnations.next(identity, this.clock.monotonicMs());
    return `${mechanism}/${identity}/${String(incarnation)}`;
  }
}
