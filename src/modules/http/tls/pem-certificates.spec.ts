import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tlsText } from '../../../../test/fixtures/sd-server.js';
import { isSignedByAny } from './peer-trust.js';
import { pemCertificates } from './pem-certificates.js';

const [first, second] = [tlsText('first-ca.crt').trim(), tlsText('second-ca.crt').trim()];
const key = tlsText('server.key');

describe('the certificates of a PEM file', () => {
  it('are read in their order, between whatever else is there', () => {
    const text = `# the first\n${first}\r\n${key}\n${second}`;
    expect(pemCertificates('ca.crt', text).map(({ subject }) => subject)).toEqual(
      [first, second].map((pem) => pemCertificates('one', pem)[0].subject),
    );
  });

  it('are not read from a file that stops within one of them', () => {
    const bundle = `${first}\n${second}`;
    const withinSecond = fc.integer({ min: first.length + 20, max: bundle.length - 1 });
    fc.assert(
      fc.property(withinSecond, (length) => {
        expect(() => pemCertificates('ca.crt', bundle.slice(0, length))).toThrow(
          'TA_HTTPS_FILE_UNUSABLE: ca.crt: a PEM block has no end',
        );
      }),
    );
  });

  it.each([
    ['an empty file', '', 'no certificate in it'],
    ['what is no PEM', 'text', 'no certificate in it'],
    ['a key', key, 'no certificate in it'],
    ['damaged ones', `${first}\n${first.replace('MII', '')}`, 'certificate 2 cannot be read'],
  ])('are not read from %s, and the message does not show it', (_, text, problem) => {
    expect(() => pemCertificates('ca.crt', text)).toThrow(problem);
    expect(() => pemCertificates('ca.crt', text)).not.toThrow('BEGIN');
  });
});

describe('a client that was verified', () => {
  const [[client], [authority], [other]] = [
    pemCertificates('client', tlsText('client.crt')),
    pemCertificates('first', first),
    pemCertificates('second', second),
  ];

  it('is trusted as long as its authority is, also in a bundle', () => {
    expect(isSignedByAny(client, [authority])).toBe(true);
    expect(isSignedByAny(client, [other, authority])).toBe(true);
    expect(isSignedByAny(client, [client])).toBe(true);
    expect(isSignedByAny(client, [other])).toBe(false);
    expect(isSignedByAny(client, [])).toBe(false);
  });
});
