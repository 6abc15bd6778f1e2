import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Program } from '../../fixtures/program.js';

const tools = resolve(import.meta.dirname, '../../../deploy/image');
const lint = async (file: string) => {
  const program = new Program(process.execPath, [join(tools, 'lint-dockerfile.mjs'), file]);
  return { code: await program.exited, output: program.output };
};

let folder = '';
let dockerfile = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dockerfile-'));
  dockerfile = await readFile(join(tools, 'Dockerfile'), 'utf8');
});
afterAll(() => rm(folder, { recursive: true }));

describe('the Dockerfile', () => {
  it('is as it must be', async () => {
    expect(await lint(join(tools, 'Dockerfile'))).toEqual({ code: 0, output: '' });
  });

  it('installs and builds with the commands that the tests take as done', () => {
    const commands = dockerfile.match(/^RUN .*$/gm);
    expect(commands).toEqual([
      'RUN ["npm", "ci", "--no-audit", "--no-fund"]',
      'RUN ["npm", "run", "build"]',
      'RUN ["node", "deploy/image/assemble.mjs", "image"]',
      'RUN ["/nodejs/bin/node", "/warm/warm-compile-cache.mjs", "/app/dist"]',
    ]);
  });

  it.each([
    ['node:24-bookworm-slim', 'node:latest', 'name a tag, and not latest'],
    ['node:24-bookworm-slim', 'node', 'name a tag, and not latest'],
    ['COPY . .', 'ADD . .', 'use COPY'],
    ['COPY . .', 'HEALTHCHECK NONE', 'is not known to build-rootfs.mjs'],
    ['COPY --from=warm', 'COPY --from=wram', 'no stage wram before'],
    ['--chown=0:0', '--chown=root:root', '--chown by number'],
    ['USER 65532:65532\nWORKDIR', 'USER nonroot\nWORKDIR', 'by number, and not root'],
    ['USER 65532:65532\nWORKDIR', 'USER 0:0\nWORKDIR', 'by number, and not root'],
    ['USER 65532:65532\nWORKDIR', 'WORKDIR', 'the last stage has no USER'],
    ['["npm", "run", "build"]', 'npm run build', 'the image has no shell'],
    ['STOPSIGNAL SIGTERM', 'RUN ["/nodejs/bin/node"]', 'the last stage has a RUN'],
  ])('is refused when %j becomes %j', async (from, to, reason) => {
    expect(dockerfile).toContain(from);
    const file = join(folder, 'Dockerfile');
    await writeFile(file, dockerfile.replace(from, to));
    const { code, output } = await lint(file);
    expect(code).toBe(1);
    expect(output).toContain(reason);
  });
});
