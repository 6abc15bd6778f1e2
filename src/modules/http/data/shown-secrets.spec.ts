import { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { shownSecrets } from './shown-secrets.js';

const over = (socket: Socket) => ({ socket });

describe('secrets', () => {
  it('are shown over TLS to a verified client, and over plain HTTP only where it is allowed', () => {
    const verified = new TLSSocket(new Socket());
    verified.authorized = true;
    expect(shownSecrets(over(verified), false)).toBe('reveal');
    expect(shownSecrets(over(new TLSSocket(new Socket())), false)).toBe('mask');
    expect(shownSecrets(over(new Socket()), false)).toBe('mask');
    expect(shownSecrets(over(new Socket()), true)).toBe('reveal');
  });
});
