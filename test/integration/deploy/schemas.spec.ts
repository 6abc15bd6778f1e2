import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { withFileLock } from '../../fixtures/file-lock.js';
import { partCacheFolder } from '../../fixtures/real-parts/part-cache.js';
import { areRealPartsBuilt } from '../../fixtures/real-parts/real-parts.js';
import { runProgram } from '../../fixtures/run-program.js';
import { helm, kustomize, parseObjects, renderAll, repository, withFile } from './chart.js';

const run = promisify(execFile);
/** The schemas of Kubernetes 1.25 to 1.37, in a package of Python. */
const version = '1.37.0';
const folder = join(partCacheFolder(), `kubernetes-validate-${version}`);
const validator = join(folder, 'bin/kubernetes-validate');

/** What the chart says that it takes, and what clusters have today. */
const kubernetesVersions = ['1.27', '1.36'];
const everything = {
  https: { enabled: true, existingSecret: 'tls' },
  networkPolicy: { enabled: true },
  dashboard: { enabled: true },
  collectors: { kind: 'StatefulSet' },
  config: { prometheus_cr: { enabled: true, service_monitor_selector: {} } },
};

async function install(): Promise<void> {
  await mkdir(partCacheFolder(), { recursive: true });
  await withFileLock(`${folder}.lock`, async () => {
    if (existsSync(validator)) return;
    await run('python3', ['-m', 'venv', folder]);
    const pip = ['-m', 'pip', 'install', '--quiet', `kubernetes-validate==${version}`];
    await run(join(folder, 'bin/python3'), pip);
  });
}

describe.skipIf(helm === undefined || kustomize === undefined)('schemas of Kubernetes', () => {
  let isThere = existsSync(validator);
  beforeAll(async () => {
    if (!isThere && areRealPartsBuilt) await install().catch(() => undefined);
    isThere = existsSync(validator);
    if (isThere) return;
    console.warn(
      'kubernetes-validate is missing; manifests are judged by the API server alone. ' +
        'TARGET_ALLOCATOR_BUILD_REAL_PARTS=1 npm test installs it (Python 3)',
    );
  });

  beforeEach(({ skip }) => {
    skip(!isThere);
  });

  /** Rejects with what is wrong. */
  async function judge(objects: readonly object[], kubernetes: string): Promise<void> {
    const text = objects.map((object) => JSON.stringify(object)).join('\n---\n');
    const args = ['--strict', '--quiet', '-k', kubernetes];
    await withFile(text, (file) => runProgram(validator, [...args, file], repository));
  }

  it.each(kubernetesVersions)('allow what the chart renders, in %s', async (kubernetes) => {
    await judge([...(await renderAll()), ...(await renderAll(everything))], kubernetes);
  });

  it.each(['base', 'overlays/statefulset', 'overlays/daemonset', 'overlays/namespace-scoped'])(
    'allow the kustomization %s',
    async (path) => {
      const args = ['build', join(repository, 'deploy/kustomize', path)];
      await judge(parseObjects((await run(kustomize ?? '', args)).stdout), '1.36');
    },
  );

  it('allow nothing else', async () => {
    const [first, ...others] = await renderAll();
    const wrong = { ...first, spec: { ...first?.spec, maxUnavailble: 1 } };
    await expect(judge([wrong, ...others], '1.36')).rejects.toThrow('maxUnavailble');
  });
});
