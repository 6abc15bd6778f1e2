import { readFileSync } from 'node:fs';
import {
  type ContextProblem,
  type CurrentContext,
  readCurrentContext,
} from './kube-config-document.js';
import { KubeConfigError } from './kubernetes.errors.js';
import { textField } from './kubernetes-object.js';

/**
 * Finds out whether a kubeconfig file can be of use at all: it is there, and its current context names a cluster with a
 * server.
 *
 * @throws KubeConfigError `TA_KUBECONFIG_NOT_FOUND` or `TA_KUBECONFIG_INVALID`
 */
export function checkKubeConfigFile(path: string): void {
  const context = currentContext(path, readText(path));
  if (typeof context === 'string') throw invalid(path, context);
  const { name, cluster } = context;
  if (cluster === undefined || textField(cluster, 'server') === undefined) {
    throw invalid(path, `its current-context ${JSON.stringify(name)} leads to no server`);
  }
  if (textField(cluster, 'proxy-url') !== undefined) {
    throw invalid(path, 'proxy-url is not supported');
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new KubeConfigError(
      'TA_KUBECONFIG_NOT_FOUND',
      `kubeconfig ${path} cannot be read: ${reason}; put the file there or name another one`,
      { cause },
    );
  }
}

function currentContext(path: string, text: string): CurrentContext | ContextProblem {
  try {
    return readCurrentContext(text);
  } catch (cause) {
    throw invalid(path, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

function invalid(path: string, why: string, cause?: unknown): KubeConfigError {
  return new KubeConfigError(
    'TA_KUBECONFIG_INVALID',
    `kubeconfig ${path}: ${why}; correct the file or name another one`,
    { cause },
  );
}
