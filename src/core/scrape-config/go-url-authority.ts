import { GoUrlError } from './go-url.errors.js';
import { bytesOf, escapeBytes, keepsInHost, unescapeBytes } from './go-url-escape.js';

/** User, password (both unescaped, one character for each byte) and host (escaped) of a URL. */
export interface Authority {
  readonly user?: string;
  readonly password?: string;
  /** `host` or `host:port`. */
  readonly host: string;
}

const userinfo = /^[a-zA-Z0-9\-._:~!$&'()*+,;=%@]*$/;

/** @throws GoUrlError */
export function parseAuthority(scheme: string, text: string): Authority {
  const at = text.lastIndexOf('@');
  const host = parseHost(scheme, text.slice(at + 1));
  if (at < 0) return { host };
  const user = text.slice(0, at);
  if (!userinfo.test(user)) throw new GoUrlError('invalid user information in the URL');
  const colon = user.indexOf(':');
  if (colon < 0) return { user: unescapeBytes(user), host };
  return {
    user: unescapeBytes(user.slice(0, colon)),
    password: unescapeBytes(user.slice(colon + 1)),
    host,
  };
}

function parseHost(scheme: string, text: string): string {
  const bracket = text.lastIndexOf('[');
  if (bracket > 0) throw new GoUrlError('invalid IP literal in the URL');
  if (bracket === 0) return parseIpLiteral(text);
  const firstColon = text.indexOf(':');
  if (firstColon >= 0) {
    // More colons than one were always let pass; for HTTP no longer.
    const isHttp = scheme === 'http' || scheme === 'https';
    checkPort(text.slice(isHttp ? firstColon : text.lastIndexOf(':')));
  }
  return escapeBytes(unescapeHost(text), keepsInHost);
}

function parseIpLiteral(text: string): string {
  const end = text.lastIndexOf(']');
  if (end < 0) throw new GoUrlError('missing "]" in the host of the URL');
  const port = text.slice(end + 1);
  checkPort(port);
  const name = text.slice(1, end);
  const zoneAt = name.indexOf('%25');
  const address = unescapeHost(zoneAt < 0 ? name : name.slice(0, zoneAt));
  const zone = zoneAt < 0 ? '' : unescapeZone(name.slice(zoneAt));
  if (!isIpv6(address) || zone === '%') throw new GoUrlError('invalid IP literal in the URL');
  return escapeBytes(`[${address}${zone}]${port}`, keepsInHost);
}

function checkPort(text: string): void {
  if (!/^(?::[0-9]*)?$/.test(text)) {
    throw new GoUrlError(`invalid port ${JSON.stringify(text)} after the host`);
  }
}

/** In a host only bytes beyond ASCII may be escaped. */
function unescapeHost(text: string): string {
  const forbidden = /%(?!25)[0-7][0-9a-fA-F]/.exec(text);
  if (forbidden !== null)
    throw new GoUrlError(`invalid URL escape ${JSON.stringify(forbidden[0])}`);
  return unescapeChecked(text);
}

/** A zone may escape what a host may contain, and the space that Windows puts there. */
function unescapeZone(text: string): string {
  for (const [escape, digits = ''] of text.matchAll(/%([0-9a-fA-F]{2})/g)) {
    const byte = Number.parseInt(digits, 16);
    if (escape !== '%25' && byte !== 0x20 && !keepsInHost(byte)) {
      throw new GoUrlError(`invalid URL escape ${JSON.stringify(escape)}`);
    }
  }
  return unescapeChecked(text);
}

function unescapeChecked(text: string): string {
  const unescaped = unescapeBytes(text);
  const bad = Array.from(bytesOf(text)).find((char) => {
    const byte = char.charCodeAt(0);
    return byte < 0x80 && char !== '%' && !keepsInHost(byte);
  });
  if (bad !== undefined)
    throw new GoUrlError(`invalid character ${JSON.stringify(bad)} in the host`);
  return unescaped;
}

/** IPv6 addresses, the last two groups in dotted form allowed. */
function isIpv6(text: string): boolean {
  const [left = '', right, ...more] = withoutDottedPart(text).split('::');
  if (more.length > 0) return false;
  const groups = [...groupsOf(left), ...groupsOf(right ?? '')];
  if (!groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return false;
  return right === undefined ? groups.length === 8 : groups.length < 8;
}

/** A valid dotted part counts as two groups. */
function withoutDottedPart(text: string): string {
  const dotted = /^(.*:)([0-9]{1,3}(?:\.[0-9]{1,3}){3})$/.exec(text);
  const [, head = '', address = ''] = dotted ?? [];
  return address !== '' && address.split('.').every(isIpv4Part) ? `${head}0:0` : text;
}

function groupsOf(text: string): readonly string[] {
  return text === '' ? [] : text.split(':');
}

function isIpv4Part(part: string): boolean {
  return Number(part) <= 255 && (part === '0' || !part.startsWith('0'));
}
