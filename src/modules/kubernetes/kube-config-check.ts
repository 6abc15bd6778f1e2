import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { KubeConfigError } from './kubernetes.errors.js';
import { isRecord, textField } from './kubernetes-object.js';

/**
 * Finds out, without the client library, whether a kubeconfig file can be of use at all: it is there, and its current
 * context names a cluster with a server.
 *
 * @throws KubeConfigError `TA_KUBECONFIG_NOT_FOUND` or `TA_KUBECONFIG_INVALID`
 */
export function checkKubeConfigFile(path: string): void {
  const document = parseFile(path, readText(path));
  const contextName = textField(document, 'current-context');
  if (contextName === undefined) throw invalid(path, 'it has no current-context');
  const context = named(document, 'contexts', contextName)?.['context'];
  const clusterName = isRecord(context) ? textField(context, 'cluster') : undefined;
  const cluster = named(document, 'clusters', clusterName ?? '')?.['cluster'];
  if (!isRecord(cluster) || textField(cluster, 'server') === undefined) {
    throw invalid(path, `its current-context ${JSON.stringify(contextName)} leads to no server`);
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

function parseFile(path: string, text: string): Readonly<Record<string, unknown>> {
  let document: unknown;
  try {
    // Pretty errors would show the line, and with it perhaps a token.
    document = parse(text, { prettyErrors: false });
  } catch (cause) {
    throw invalid(path, cause instanceof Error ? cause.message : String(cause), cause);
  }
  if (!isRecord(document)) throw invalid(path, 'it is no mapping');
  return document;
}

function named(
  document: Readonly<Record<string, unknown>>,
  list: string,
  name: string,
): Readonly<Record<string, unknown>> | undefined {
  const entries = document[list];
  if (!Array.isArray(entries)) return undefined;
  return entries.filter(isRecord).find((entry) => entry['name'] === name);
}

function invalid(path: string, why: string, cause?: unknown): KubeConfigError {
  return new KubeConfigError(
    'TA_KUBECONFIG_INVALID',
    `kubeconfig ${path}: ${why}; correct the file or name another one`,
    { cause },
  );
}
