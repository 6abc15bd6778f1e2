import { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { describe, expect, it } from 'vitest';
import type { FastifyRequest } from '../fastify-types.js';
import { shownSecrets } from './shown-secrets.js';

const over = (socket: Socket) => ({ raw: { socket } }) as unknown as FastifyRequest;

describe('secrets', () => {
  it('are shown over TLS, and over plain HTTP only where it is allowed', () => {
    expect(shownSecrets(over(new TLSSocket(new Socket())), false)).toBe('reveal');
    expect(shownSecrets(over(new Socket()), false)).toBe('mask');
    expect(shownSecrets(over(new Socket()), true)).toBe('reveal');
  });
});
