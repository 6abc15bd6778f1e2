import { lookup as resolveName, type LookupAddress, type LookupOptions } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { HttpRequestError } from '../../plugin-api/index.js';

/** Resolves a name to all of its addresses, as `dns.lookup` does. */
export type ResolveName = (
  hostname: string,
  options: LookupOptions & { readonly all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * Networks that no connection may be made to. The addresses that a name has are looked at as the connection is made to
 * them, so it does not help to give the name others between a check and its use (DNS rebinding).
 */
export class NetworkPolicy {
  /** The same for policies that deny the same. */
  readonly identity: string;
  readonly #denied = new BlockList();
  readonly #resolve: ResolveName;

  /** @param networks In CIDR notation. */
  constructor(networks: readonly string[], resolve: ResolveName = resolveName) {
    this.identity = networks.toSorted().join(',');
    this.#resolve = resolve;
    for (const network of networks) {
      const [address = '', bits] = network.split('/');
      this.#denied.addSubnet(address, Number(bits), isIP(address) === 4 ? 'ipv4' : 'ipv6');
    }
  }

  /** For connections to names; addresses are connected to without it, see {@link checkAddress}. */
  readonly lookup: LookupFunction = (hostname, options, callback) => {
    this.#allowed(hostname, options).then(
      (addresses) => {
        const [{ address, family }] = addresses;
        if (options.all === true) callback(null, [...addresses]);
        else callback(null, address, family);
      },
      (error: unknown) => {
        callback(error instanceof Error ? error : denied(hostname), '');
      },
    );
  };

  /** @throws HttpRequestError `TA_HTTP_DENIED` when the host of a URL is an address of a denied network. */
  checkAddress(hostname: string): void {
    if (this.#isDenied(hostname.replace(/^\[|\]$/g, ''))) throw denied(hostname);
  }

  /**
   * For hosts that a proxy connects to: what the proxy makes of a name is not known here, but what it resolves to for us is.
   *
   * @throws HttpRequestError `TA_HTTP_DENIED` when all of its addresses are in denied networks.
   */
  async checkBehindProxy(hostname: string): Promise<void> {
    this.checkAddress(hostname);
    if (isAddress(hostname)) return;
    try {
      await this.#allowed(hostname, {});
    } catch (error) {
      // Names that only the proxy knows are its business.
      if (error instanceof HttpRequestError) throw error;
    }
  }

  /** An allowed address of the host. @throws HttpRequestError `TA_HTTP_DENIED` when there is none. */
  async addressOf(hostname: string): Promise<string> {
    this.checkAddress(hostname);
    if (isAddress(hostname)) return hostname;
    const [{ address, family }] = await this.#allowed(hostname, {});
    return family === 6 ? `[${address}]` : address;
  }

  #allowed(
    hostname: string,
    options: LookupOptions,
  ): Promise<readonly [LookupAddress, ...LookupAddress[]]> {
    return new Promise((resolve, reject) => {
      this.#resolve(hostname, { ...options, all: true }, (error, addresses) => {
        if (error !== null) {
          reject(error);
          return;
        }
        const [first, ...others] = addresses.filter(({ address }) => !this.#isDenied(address));
        if (first === undefined) reject(denied(hostname));
        else resolve([first, ...others]);
      });
    });
  }

  #isDenied(address: string): boolean {
    const bare = address.replace(/%.*$/, '');
    const family = isIP(bare);
    return family !== 0 && this.#denied.check(bare, family === 4 ? 'ipv4' : 'ipv6');
  }
}

function isAddress(hostname: string): boolean {
  return isIP(hostname.replace(/^\[|\]$/g, '')) !== 0;
}

function denied(hostname: string): HttpRequestError {
  return new HttpRequestError(
    'TA_HTTP_DENIED',
    `${hostname} is in a network that custom resources may not reach; see prometheus_cr.denied_discovery_networks`,
  );
}
