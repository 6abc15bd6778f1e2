import type { RequestOptions } from 'node:https';
import { dirname, resolve } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';

/** Asks the login program (`exec`) or the identity provider of a kubeconfig's user. */
export type Login = () => Promise<RequestOptions>;

/**
 * The login that the client library makes of a kubeconfig. The library keeps an answer as long as the answer itself says
 * that it is valid.
 *
 * @throws Error of the library when the kubeconfig cannot be used.
 */
export function loginOf(path: string, text: string): Login {
  const config = new KubeConfig();
  config.loadFromString(text);
  config.makePathsAbsolute(dirname(resolve(path)));
  const cluster = config.getCurrentCluster();
  const user = config.getCurrentUser();
  if (cluster === null || user === null) return () => Promise.resolve({});
  // The library refuses plain http here, although it only makes an agent of it that nobody uses.
  const server = cluster.server.replace(/^http:/, 'https:');
  config.loadFromClusterAndUser({ ...cluster, server }, user);
  return async () => {
    const options: RequestOptions = {};
    await config.applyToHTTPSOptions(options);
    return options;
  };
}
