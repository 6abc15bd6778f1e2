import { type GoUrl, parseGoUrl } from '../../../../plugin-api/index.js';
import type { SpecValue } from '../../generator/spec-value.js';
import { requiredAt, type SdField } from './fields.js';

/** A URL of any kind, even a relative one. */
export function url(name: string): SdField {
  return (entry) => {
    const at = requiredAt(entry.field(name));
    checkUrl(at);
    return at.text();
  };
}

/** A URL with a scheme and a host. */
export function serverUrl(name: string): SdField {
  return (entry) => {
    const at = requiredAt(entry.field(name));
    const parsed = checkUrl(at);
    if (parsed !== undefined && (parsed.scheme === '' || parsed.authority.host === '')) {
      at.reject('must be a URL with a scheme and a host');
    }
    return at.text();
  };
}

/** A URL of `http` or `https`. */
export function webUrl(name: string): SdField {
  return (entry) => {
    const at = requiredAt(entry.field(name));
    const parsed = checkUrl(at);
    if (parsed !== undefined && !/^https?$/.test(parsed.scheme)) {
      at.reject('must be a URL of http or https');
    } else if (parsed?.authority.host === '') at.reject('must be a URL with a host');
    return at.text();
  };
}

/** Rejects what Go takes for no URL. The text is not shown, because it may have a password in it. */
export function checkUrl(at: SpecValue): GoUrl | undefined {
  const written = at.text();
  if (written === undefined) return undefined;
  const result = parseGoUrl(written);
  if (result.ok) return result.url;
  at.reject(result.message);
  return undefined;
}
