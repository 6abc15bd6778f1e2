/** Where to listen; `undefined` for the host means every interface. */
export interface ListenAddress {
  readonly host: string | undefined;
  readonly port: number;
}

/**
 * Reads an address as Go's `net.Listen` takes it: `:8080`, `host:port`, `[::1]:80`. `undefined`: it is none.
 *
 * @see https://pkg.go.dev/net#Listen
 */
export function parseListenAddress(text: string): ListenAddress | undefined {
  const match = /^(?:\[(?<v6>[^[\]]*)\]|(?<host>[^:[\]]*)):(?<port>\d{1,5})$/.exec(text);
  if (match?.groups === undefined) return undefined;
  const { v6, host, port } = match.groups;
  const portNumber = Number(port);
  if (portNumber > 65_535) return undefined;
  const name = v6 ?? host ?? '';
  return { host: name === '' ? undefined : name, port: portNumber };
}

/** The URL at which a listening server can be asked from this machine. */
export function urlOf(address: ListenAddress, scheme: 'http' | 'https'): string {
  const { host = 'localhost', port } = address;
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${String(port)}`;
}
