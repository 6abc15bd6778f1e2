// What a Dockerfile of ours must be.
//
//   node deploy/image/lint-dockerfile.mjs [Dockerfile]

import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { copyOf, parseDockerfile, wordsOf } from './dockerfile.mjs';

/** Whatever else somebody writes, build-rootfs.mjs could not do. */
const known = [
  ...['ARG', 'COPY', 'ENTRYPOINT', 'ENV', 'EXPOSE', 'LABEL'],
  ...['RUN', 'STOPSIGNAL', 'USER', 'WORKDIR'],
];

/** @returns {string[]} What is wrong with it. */
export function lintDockerfile(text) {
  const stages = parseDockerfile(text);
  const problems = stages.flatMap((stage, index) => {
    const before = stages.slice(0, index).map(({ name }) => name);
    return [...baseProblems(stage), ...stage.instructions.flatMap((one) => problemOf(one, before))];
  });
  return [...problems, ...finalProblems(stages.at(-1)?.instructions ?? [])];
}

function baseProblems({ from }) {
  const [, tag] = /:([\w.-]+)(?:@sha256:[0-9a-f]{64})?$/.exec(from) ?? [];
  return tag === undefined || tag === 'latest' ? [`FROM ${from}: name a tag, and not latest`] : [];
}

function problemOf({ name, value, line }, stagesBefore) {
  const tell = (problem) => [`line ${line}: ${name}: ${problem}`];
  if (name === 'ADD') return tell('use COPY: ADD unpacks and downloads');
  if (!known.includes(name)) return tell('is not known to build-rootfs.mjs');
  if ((name === 'RUN' || name === 'ENTRYPOINT') && wordsOf(value) === undefined) {
    return tell('write it as ["program", "argument"]: the image has no shell');
  }
  if (name === 'USER' && !/^[1-9]\d*:[1-9]\d*$/.test(value)) {
    return tell('name user and group by number, and not root: runAsNonRoot cannot check names');
  }
  if (name !== 'COPY') return [];
  const { from, chown } = copyOf(value);
  if (from !== undefined && !stagesBefore.includes(from)) return tell(`no stage ${from} before`);
  return chown === undefined || /^\d+:\d+$/.test(chown) ? [] : tell('--chown by number');
}

function finalProblems(instructions) {
  const names = instructions.map(({ name }) => name);
  const missing = ['USER', 'ENTRYPOINT', 'STOPSIGNAL', 'EXPOSE', 'LABEL'].filter(
    (name) => !names.includes(name),
  );
  return [
    ...missing.map((name) => `the last stage has no ${name}`),
    ...(names.includes('RUN') ? ['the last stage has a RUN: what it leaves would stay'] : []),
  ];
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const own = join(dirname(fileURLToPath(import.meta.url)), 'Dockerfile');
  const problems = lintDockerfile(await readFile(process.argv[2] ?? own, 'utf8'));
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
