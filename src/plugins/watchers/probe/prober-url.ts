import { isIP } from 'node:net';
import type { SpecValue } from '../generator/spec-value.js';

const longestName = 255;
const domain = /^[a-zA-Z0-9_][a-zA-Z0-9_-]{0,62}(?:\.[a-zA-Z0-9_][a-zA-Z0-9_-]{0,62})*[._]?$/;

/**
 * Rejects a prober that is not written as `host` or `host:port`.
 *
 * @see github.com/prometheus-operator/prometheus-operator v0.93.1, pkg/prometheus/resource_selector.go
 */
export function checkProberUrl(at: SpecValue): void {
  const url = at.text() ?? '';
  const parts = splitHostPort(url);
  if (parts === undefined ? isHost(url) : isHost(parts.host) && isPort(parts.port)) return;
  at.reject(`must be a host or host:port, got ${JSON.stringify(url.slice(0, 120))}`);
}

/** `undefined` for what Go's `net.SplitHostPort` refuses. */
function splitHostPort(text: string): { readonly host: string; readonly port: string } | undefined {
  const parts = text.startsWith('[')
    ? /^\[([^[\]]*)\]:([^:[\]]*)$/.exec(text)
    : /^([^:[\]]*):([^:[\]]*)$/.exec(text);
  return parts === null ? undefined : { host: parts[1] ?? '', port: parts[2] ?? '' };
}

function isHost(text: string): boolean {
  // Go knows no zones here.
  if (isIP(text) !== 0 && !text.includes('%')) return true;
  if (text === '' || text.replaceAll('.', '').length > longestName) return false;
  return domain.test(text);
}

function isPort(text: string): boolean {
  const port = /^[-+]?\d+$/.test(text) ? Number(text) : 0;
  return port > 0 && port < 65_536;
}
