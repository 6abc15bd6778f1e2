import { isIP } from 'node:net';

import { listOfPresent } from '../../../core/document/collections.js';
import { type ParseResult, parsedText } from '../../../core/document/decoder.js';

const hint = 'write address/bits, such as 169.254.0.0/16 or fe80::/10';

const network = parsedText(parseNetwork, '', 'a network');

/** Networks in CIDR notation; an address alone is refused, since it is as often meant as a whole network as not. */
export const deniedNetworks = listOfPresent(network, 'network');

function parseNetwork(written: string): ParseResult<string> {
  const [address = '', bits = '', ...rest] = written.split('/');
  const family = isIP(address);
  const isNetwork =
    family !== 0 &&
    rest.length === 0 &&
    /^(?:0|[1-9]\d{0,2})$/.test(bits) &&
    !address.includes('%');
  if (!isNetwork || Number(bits) > (family === 4 ? 32 : 128)) {
    return { ok: false, message: 'not a network', hint };
  }
  return { ok: true, value: written };
}
