import { parse } from 'yaml';
import { isRecord } from '../../core/document/is-record.js';
import { textField } from './kubernetes-object.js';

type YamlRecord = Readonly<Record<string, unknown>>;

/** What the current context of a kubeconfig leads to, as it is written there. */
export interface CurrentContext {
  readonly name: string;
  readonly cluster: YamlRecord | undefined;
  readonly user: YamlRecord | undefined;
}

export type ContextProblem = 'it is no mapping' | 'it has no current-context';

/**
 * Reads a kubeconfig without the client library, which costs a third of a second and as much memory as all else.
 *
 * @returns what is wrong with it when it has no current context.
 * @throws YAMLParseError when it is no YAML.
 */
export function readCurrentContext(text: string): CurrentContext | ContextProblem {
  // Pretty errors would show the line, and with it perhaps a token.
  const document: unknown = parse(text, { prettyErrors: false });
  if (!isRecord(document)) return 'it is no mapping';
  const name = textField(document, 'current-context');
  if (name === undefined) return 'it has no current-context';
  const context = entry(document, 'context', name) ?? {};
  return {
    name,
    cluster: entry(document, 'cluster', textField(context, 'cluster')),
    user: entry(document, 'user', textField(context, 'user')),
  };
}

/** Lists are named after what they hold: `users: [{name: …, user: {…}}]`. */
function entry(
  document: YamlRecord,
  kind: 'context' | 'cluster' | 'user',
  name: string | undefined,
): YamlRecord | undefined {
  const entries = document[`${kind}s`];
  if (!Array.isArray(entries)) return undefined;
  const value = entries.filter(isRecord).find((item) => item['name'] === name)?.[kind];
  return isRecord(value) ? value : undefined;
}
