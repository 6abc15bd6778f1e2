import { createPrivateKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { certificate, otherPrivateKey, privateKey } from '../testing/certificates.js';
import { pemProblems } from './pem.js';

const body = certificate.split('\n').slice(1, -2);
const withHeader = (header: string) => certificate.replace('-----\n', `-----\n${header}`);
const pkcs8 = createPrivateKey(privateKey).export({ type: 'pkcs8', format: 'pem' }).toString();

describe('certificates and keys', () => {
  it.each([
    ['as they are', certificate],
    ['among other text', `a certificate\n${certificate}the end`],
    ['with line ends of another system', certificate.replaceAll('\n', '\r\n')],
    ['with blanks after borders and between letters', certificate.replaceAll('\n', ' \t\n')],
    ['with a header', withHeader('a: b\n\n')],
    ['with a header and no empty line', withHeader('a: b\n')],
    ['with an opening line too many', `-----BEGIN CERTIFICATE-----\n${certificate}`],
    ['after a block that is not well-formed', `-----BEGIN A-----\n-----END B-----\n${certificate}`],
    ['on one line', `-----BEGIN CERTIFICATE-----\n${body.join('')}\n-----END CERTIFICATE-----`],
  ])('are read %s', (_, text) => {
    expect(pemProblems().ofAuthority(text)).toBeUndefined();
    expect(pemProblems().ofPair(text, privateKey)).toBeUndefined();
  });

  it.each([
    ['after a blank', ` ${certificate}`],
    ['without line ends', certificate.replaceAll('\n', '')],
    ['with nothing but a header', '-----BEGIN A-----\na: b\n-----END A-----\n'],
    ['cut off', certificate.slice(0, -10)],
    ['cut off within a line end', certificate.replaceAll('\n', '\r\n').slice(0, -1)],
    ['with letters that are none', certificate.replace('\nM', '\n*')],
    ['without padding', certificate.replace('==', '')],
  ])('are not found %s', (_, text) => {
    expect(pemProblems().ofAuthority(text)).toBe('failed to decode a PEM block');
    expect(pemProblems().ofPair(text, privateKey)).toBe('there is no certificate in PEM form');
  });

  it('has the authority in its first block', () => {
    const problem = 'failed to parse the certificate';
    expect(pemProblems().ofAuthority(privateKey + certificate)).toBe(problem);
    expect(pemProblems().ofAuthority(certificate + privateKey)).toBeUndefined();
    expect(pemProblems().ofPair(privateKey + certificate, privateKey)).toBeUndefined();
  });

  it('reads a key by its bytes, whatever its border says', () => {
    const problemOf = (key: string) => pemProblems().ofPair(certificate, key);
    expect(problemOf(pkcs8)).toBeUndefined();
    expect(problemOf(pkcs8.replaceAll('PRIVATE KEY', 'RSA PRIVATE KEY'))).toBeUndefined();
    expect(problemOf(privateKey.replaceAll('EC PRIVATE KEY', 'PRIVATE KEY'))).toBeUndefined();
    expect(problemOf(certificate + privateKey)).toBeUndefined();
    expect(problemOf(privateKey.replaceAll('EC PRIVATE KEY', 'SECRET'))).toMatch('no private key');
    expect(problemOf(otherPrivateKey)).toMatch('does not belong');
    const wrong = certificate.replaceAll('CERTIFICATE', 'PRIVATE KEY');
    expect(problemOf(wrong)).toBe('failed to parse the private key');
  });

  it('is quick with texts that look like many borders', () => {
    const borders = '-----BEGIN A-----\na: b\n'.repeat(20_000);
    expect(pemProblems().ofAuthority(borders)).toBe('failed to decode a PEM block');
    expect(pemProblems().ofAuthority(`${borders}-----END A-----${' '.repeat(100_000)}x`)).toBe(
      'failed to decode a PEM block',
    );
  });
});
