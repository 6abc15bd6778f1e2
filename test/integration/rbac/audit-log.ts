import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { yamlText } from '../../fixtures/yaml-text.js';

interface AuditEvent {
  readonly verb: string;
  readonly user: { readonly username: string };
  readonly objectRef?: {
    readonly apiGroup?: string;
    readonly resource: string;
    readonly namespace?: string;
  };
  readonly responseStatus?: { readonly code: number };
}

/** What an API server was asked for, and by whom. */
export class AuditLog {
  private constructor(private readonly folder: string) {}

  static async create(): Promise<AuditLog> {
    const log = new AuditLog(await mkdtemp(join(tmpdir(), 'audit-')));
    const policy = {
      apiVersion: 'audit.k8s.io/v1',
      kind: 'Policy',
      omitStages: ['RequestReceived'],
      rules: [{ level: 'Metadata' }],
    };
    await writeFile(log.#policyFile, yamlText(policy));
    return log;
  }

  get apiserverFlags(): readonly string[] {
    return [`--audit-policy-file=${this.#policyFile}`, `--audit-log-path=${this.#logFile}`];
  }

  /** `list pods in shop`, each once: what the user was allowed to do. */
  allowed(user: string): readonly string[] {
    return this.#requests(user, (code) => code !== 403);
  }

  /** The same for what was refused. */
  refused(user: string): readonly string[] {
    return this.#requests(user, (code) => code === 403);
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  get #policyFile(): string {
    return join(this.folder, 'policy.yaml');
  }

  get #logFile(): string {
    return join(this.folder, 'audit.log');
  }

  #requests(user: string, isMeant: (code: number) => boolean): readonly string[] {
    const found = new Set<string>();
    for (const line of readFileSync(this.#logFile, 'utf8').split('\n')) {
      // The last line may be just being written.
      if (!line.endsWith('}') || !line.includes(user)) continue;
      const { verb, user: by, objectRef, responseStatus } = JSON.parse(line) as AuditEvent;
      if (by.username !== user || objectRef === undefined) continue;
      // Everybody may ask what they may do.
      if (objectRef.apiGroup === 'authorization.k8s.io') continue;
      if (isMeant(responseStatus?.code ?? 0)) found.add(rightText(verb, objectRef));
    }
    return [...found].toSorted();
  }
}

/** A right as these tests write it; kinds that are in no namespace are told by their names. */
export function rightText(
  verb: string,
  { resource, namespace }: { readonly resource: string; readonly namespace?: string | undefined },
): string {
  const isNamespaced = namespace !== undefined && resource !== 'namespaces';
  return `${verb} ${resource}${isNamespaced ? ` in ${namespace}` : ''}`;
}
