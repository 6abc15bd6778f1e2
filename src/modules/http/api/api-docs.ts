import { applyDecorators } from '@nestjs/common';
import { ApiResponse, type ApiResponseSchemaHost } from '@nestjs/swagger';

type Schema = ApiResponseSchemaHost['schema'];

const text = { 'text/plain': { schema: { type: 'string' } } };
const page = { 'text/html': { schema: { type: 'string' } } };

/** An answer that is JSON, and a page for browsers where the route has one. */
export function ApiJson(schema: Schema, { orPage = false } = {}): MethodDecorator {
  const content = { 'application/json': { schema }, ...(orPage && page) };
  return applyDecorators(ApiResponse({ status: 200, description: 'As it is now.', content }));
}

/** An answer that is a line of text. */
export function ApiText(status: number, description: string): MethodDecorator {
  return applyDecorators(ApiResponse({ status, description, content: text }));
}
