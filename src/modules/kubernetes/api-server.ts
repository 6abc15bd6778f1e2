import type { Socket } from 'node:net';
import type { ApiCredentials } from './api-credentials.js';

/** How an API server is reached. */
export interface ApiServer {
  /** `https://host:port`, with a path where the server is behind one. */
  readonly url: string;
  readonly credentials: ApiCredentials;
  /** @default true */
  readonly allowHttp2?: boolean;
  /** Connects through a proxy; TLS begins on what it gives. Only for `https`. */
  readonly tunnel?: () => Promise<Socket>;
}
