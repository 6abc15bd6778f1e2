import { type Body, JSON_TYPE } from '../bodies/body.js';
import { collectorLink } from './job-link.js';

interface Part {
  readonly collector: string;
  /** The collector's own answer, as bytes. */
  readonly targets: Uint8Array;
}

/** The answer for a whole job, put together from those of its collectors without reading them. */
export class JobAnswer {
  readonly body: Body;

  constructor(
    job: string,
    private readonly parts: readonly Part[],
    tagOf: (bytes: Uint8Array) => string,
  ) {
    const bytes = assemble(job, parts);
    this.body = { bytes, contentType: JSON_TYPE, tag: tagOf(bytes) };
  }

  /** Whether the answer for these parts would be this one. Unchanged answers of collectors are the same objects. */
  isMadeOf(parts: readonly Part[]): boolean {
    return (
      parts.length === this.parts.length &&
      parts.every((part, i) => {
        const own = this.parts[i];
        return own?.collector === part.collector && own.targets === part.targets;
      })
    );
  }
}

function assemble(job: string, parts: readonly Part[]): Uint8Array {
  const chunks: Uint8Array[] = [];
  for (const { collector, targets } of parts) {
    const link = JSON.stringify(collectorLink(job, collector));
    const separator = chunks.length === 0 ? '{' : '},';
    chunks.push(
      Buffer.from(`${separator}${JSON.stringify(collector)}:{"_link":${link},"targets":`),
      targets,
    );
  }
  chunks.push(Buffer.from(parts.length === 0 ? '{}' : '}}'));
  return Buffer.concat(chunks);
}
