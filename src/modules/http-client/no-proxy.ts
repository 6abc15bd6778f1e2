import { BlockList, isIP } from 'node:net';

type Exempts = (host: string, port: string) => boolean;

/**
 * Tells which hosts are reached without the proxy, from a `no_proxy` list: `*`, addresses, networks (`10.0.0.0/8`),
 * `name` (it and all below it), `.name` and `*.name` (all below it), each with an optional port. `localhost` and loopback
 * addresses are always exempt.
 *
 * @see https://pkg.go.dev/golang.org/x/net/http/httpproxy#Config
 */
export function noProxyMatcher(list: string): Exempts {
  const entries = list
    .split(',')
    .map((entry) => entry.trim().toLowerCase())
    .filter((entry) => entry !== '');
  const exempts = entries.map(entryMatcher);
  return (rawHost, port) => {
    const host = rawHost.toLowerCase().replace(/^\[|\]$/g, '');
    return isLoopback(host) || exempts.some((exempt) => exempt(host, port));
  };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

function entryMatcher(entry: string): Exempts {
  if (entry === '*') return () => true;
  const network = networkMatcher(entry);
  if (network !== undefined) return network;
  const [name, wantedPort] = splitPort(entry);
  const isPort: (port: string) => boolean =
    wantedPort === '' ? () => true : (port) => port === wantedPort;
  if (isIP(name) !== 0) return (host, port) => host === name && isPort(port);
  if (name === '') return () => false;
  const bare = name.replace(/^\*\./, '.');
  const suffix = bare.startsWith('.') ? bare : `.${bare}`;
  return (host, port) =>
    isPort(port) && (host.endsWith(suffix) || (bare !== suffix && host === bare));
}

function networkMatcher(entry: string): Exempts | undefined {
  const [address = '', bits, ...rest] = entry.split('/');
  const family = isIP(address);
  if (family === 0 || bits === undefined || rest.length > 0 || !/^\d{1,3}$/.test(bits)) {
    return undefined;
  }
  const type = family === 4 ? 'ipv4' : 'ipv6';
  if (Number(bits) > (family === 4 ? 32 : 128)) return undefined;
  const network = new BlockList();
  network.addSubnet(address, Number(bits), type);
  return (host) => isIP(host) === family && network.check(host, type);
}

/** `host:port`, `[address]:port` or a host alone. */
function splitPort(entry: string): readonly [host: string, port: string] {
  const bracketed = /^\[([^\]]*)\](?::(\d*))?$/.exec(entry);
  if (bracketed !== null) return [bracketed[1] ?? '', bracketed[2] ?? ''];
  const [host = '', port, ...rest] = entry.split(':');
  return port === undefined || rest.length > 0 ? [entry, ''] : [host, port];
}
