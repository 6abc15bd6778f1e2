import { request as requestHttp, type OutgoingHttpHeaders } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction, Socket } from 'node:net';
import { buildConnector } from 'undici';
import { HttpRequestError } from '../../plugin-api/index.js';
import { displayUrl } from './display-url.js';
import type { TlsOptions } from './tls-options.js';

export interface TunnelOptions {
  readonly proxy: URL;
  /** For the proxy itself, when it is asked over TLS, and for the server behind it, as in Prometheus. */
  readonly tls: TlsOptions;
  readonly allowH2: boolean;
  /** What is sent with `CONNECT`. */
  readonly headers: OutgoingHttpHeaders;
  readonly timeoutMs: number;
  /** Resolves the proxy's name. @default `dns.lookup` */
  readonly lookup?: LookupFunction;
}

/**
 * Connects through an HTTP proxy with `CONNECT`. undici's own ProxyAgent is not used for it: when a proxy closes the
 * connection instead of answering, it tries again at once and for ever.
 */
export function tunnelConnector(options: TunnelOptions): buildConnector.connector {
  const secure = buildConnector({
    ...options.tls,
    allowH2: options.allowH2,
    timeout: options.timeoutMs,
  });
  return (target, callback) => {
    openTunnel(options, target).then(
      (socket) => {
        if (target.protocol === 'https:') secure({ ...target, httpSocket: socket }, callback);
        else callback(null, socket);
      },
      (error: unknown) => {
        callback(error instanceof Error ? error : failure(options.proxy, String(error)), null);
      },
    );
  };
}

/** A connection to the target through the proxy. Whatever is said to the target is left to the caller. */
export function openTunnel(
  options: Omit<TunnelOptions, 'allowH2'>,
  target: Pick<buildConnector.Options, 'hostname' | 'port' | 'protocol'>,
): Promise<Socket> {
  const { proxy, tls, headers, timeoutMs: timeout, lookup } = options;
  const port = target.port === '' ? (target.protocol === 'https:' ? '443' : '80') : target.port;
  const path = `${bracketed(target.hostname)}:${port}`;
  const settings = {
    method: 'CONNECT',
    path,
    headers: { ...headers, host: path },
    timeout,
    ...(lookup === undefined ? {} : { lookup }),
  };
  return new Promise((resolve, reject) => {
    const request =
      proxy.protocol === 'https:'
        ? requestHttps(proxy, { ...settings, ...tls, agent: false })
        : requestHttp(proxy, { ...settings, agent: false });
    request.once('connect', (answer, socket: Socket) => {
      if (answer.statusCode === 200) {
        resolve(socket);
        return;
      }
      socket.destroy();
      reject(failure(proxy, `answered CONNECT with ${String(answer.statusCode)}`));
    });
    request.once('response', (answer) => {
      answer.destroy();
      reject(failure(proxy, `answered CONNECT with ${String(answer.statusCode)}`));
    });
    request.once('timeout', () => request.destroy(failure(proxy, 'did not answer in time')));
    request.on('error', (cause) => {
      reject(cause instanceof HttpRequestError ? cause : failure(proxy, cause.message, cause));
    });
    request.end();
  });
}

function bracketed(hostname: string): string {
  return hostname.includes(':') && !hostname.startsWith('[') ? `[${hostname}]` : hostname;
}

function failure(proxy: URL, reason: string, cause?: Error): HttpRequestError {
  return new HttpRequestError('TA_HTTP_FAILED', `the proxy ${displayUrl(proxy)} ${reason}`, {
    cause,
  });
}
