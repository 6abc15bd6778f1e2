import type { FastifyAdapter } from '@nestjs/platform-fastify';

// Which Fastify it is is the adapter's choice, so the types are taken from the adapter as well.
type ResponseHook = Parameters<FastifyAdapter['setOnResponseHook']>[0];
export type FastifyRequest = Parameters<ResponseHook>[0];
export type FastifyReply = Parameters<ResponseHook>[1];
