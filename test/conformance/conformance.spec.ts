import { afterAll, describe, expect, it } from 'vitest';
import { isClusterAvailable } from '../fixtures/cluster/cluster.js';
import { areaNames, caseNames, loadCase } from './case.js';
import { allCustomResourceDefinitions } from './case-cluster.js';
import { ClusterPool } from './cluster-pool.js';
import { whySkipped } from './comparison.js';
import { implementationUnderTest } from './implementation.js';
import { replay } from './replay.js';

const implementation = implementationUnderTest();
const clusters = new ClusterPool(3);
afterAll(() => clusters.stop());

function test(name: string): void {
  const conformanceCase = loadCase(name);
  const title = `${name}: ${conformanceCase.description}`;
  if (!implementation.isReference && whySkipped(name) !== undefined) {
    it.skip(`${title} [differs on purpose: ${whySkipped(name) ?? ''}]`);
    return;
  }
  it.skipIf(!isClusterAvailable)(title, async () => {
    const definitions = conformanceCase.crds ?? allCustomResourceDefinitions;
    const outcome = await clusters.use(definitions, (cluster) =>
      replay(name, cluster, implementation),
    );
    expect(outcome.actual, outcome.where).toEqual(outcome.expected);
  });
}

for (const area of areaNames) {
  describe.concurrent(area, () => {
    for (const name of caseNames(area)) test(name);
  });
}
