import { describe, expect, it } from 'vitest';
import { testContext } from '../../../../test/fixtures/plugin-context.js';
import type {
  Collector,
  Informer,
  InformerChange,
  InformerRequest,
  KubernetesAccess,
} from '../../../plugin-api/index.js';
import type { CollectorPod } from './collector-pod.js';
import { kubernetesCollectors } from './kubernetes-collectors.js';
import type { KubernetesCollectorsOptions } from './pod-collector-source.js';

/** An informer whose pods the test sets. */
class FakePods implements KubernetesAccess {
  requests: InformerRequest<unknown>[] = [];
  closed = 0;
  #pods: readonly CollectorPod[] = [];
  #listener: ((changes: readonly InformerChange<CollectorPod>[]) => void) | undefined;
  #sync: (() => void) | undefined;
  readonly #synced = new Promise<void>((resolve) => (this.#sync = resolve));

  informer<T>(request: InformerRequest<T>): Informer<T> {
    this.requests.push(request);
    const informer: Informer<CollectorPod> = {
      hasSynced: true,
      failure: undefined,
      onFailure: () => () => undefined,
      synced: (signal) =>
        Promise.race([
          this.#synced,
          new Promise<void>((_, reject) => {
            signal.addEventListener('abort', () => {
              reject(new DOMException('stopped', 'AbortError'));
            });
          }),
        ]),
      get: () => undefined,
      list: () => this.#pods,
      onChange: (listener) => {
        this.#listener = listener;
        return () => (this.#listener = undefined);
      },
      close: () => (this.closed += 1),
    };
    return informer as unknown as Informer<T>;
  }

  set(...pods: readonly CollectorPod[]): void {
    this.#pods = pods;
    this.#sync?.();
    this.#listener?.([]);
  }
}

function pod(name: string, more: Partial<CollectorPod> = {}): CollectorPod {
  return {
    name,
    node: 'n',
    isTerminating: false,
    notRunningSinceMs: undefined,
    notReadySinceMs: undefined,
    labels: {},
    annotations: {},
    ...more,
  };
}

function start(options: Partial<KubernetesCollectorsOptions> = {}) {
  const kubernetes = new FakePods();
  const context = { ...testContext(), kubernetes };
  const source = kubernetesCollectors.create(
    { labelSelector: 'app=otel', namespace: 'ns', notReadyGracePeriodMs: 30_000, ...options },
    context,
  );
  const emitted: (readonly string[])[] = [];
  const stop = new AbortController();
  const ended = source.run((collectors: readonly Collector[]) => {
    emitted.push(collectors.map(({ name }) => name));
  }, stop.signal);
  return { kubernetes, context, emitted, stop, ended };
}

async function validated(value: unknown) {
  return kubernetesCollectors.configSchema?.['~standard'].validate(value);
}

describe('collector source kubernetes', () => {
  it('says nothing before the pods are known, then what they are', async () => {
    const { kubernetes, context, emitted } = start();
    await context.clock.advance(60_000);
    expect(emitted).toEqual([]);
    kubernetes.set(pod('c-0'), pod('c-1', { isTerminating: true }));
    await context.clock.advance(0);
    expect(emitted).toEqual([['c-0']]);
    expect(kubernetes.requests[0]).toMatchObject({
      group: '',
      version: 'v1',
      plural: 'pods',
      namespace: 'ns',
      labelSelector: 'app=otel',
    });
  });

  it('drops a pod when its grace period ends, without any event', async () => {
    const { kubernetes, context, emitted } = start();
    const sinceMs = context.clock.epochMs();
    kubernetes.set(pod('c-0'), pod('c-1', { notReadySinceMs: sinceMs }));
    await context.clock.advance(30_000);
    expect(emitted.at(-1)).toEqual(['c-0', 'c-1']);
    await context.clock.advance(1);
    expect(emitted.at(-1)).toEqual(['c-0']);
    expect(context.clock.pendingTimers).toBe(0);
  });

  it('keeps a pod that becomes ready again in time', async () => {
    const { kubernetes, context, emitted } = start();
    kubernetes.set(pod('c-0', { notReadySinceMs: context.clock.epochMs() }));
    await context.clock.advance(20_000);
    kubernetes.set(pod('c-0'));
    await context.clock.advance(60_000);
    expect(emitted).not.toContainEqual([]);
  });

  it('selects nothing without a selector, says why, and watches nothing', async () => {
    const { kubernetes, context, emitted, stop, ended } = start({ labelSelector: undefined });
    expect(emitted).toEqual([[]]);
    expect(kubernetes.requests).toEqual([]);
    expect(context.logger.lines.map(({ level, message }) => `${level}: ${message}`)).toEqual([
      'error: no collector is selected, because collector_selector is not set; set it to the labels of the collector pods',
    ]);
    stop.abort();
    await ended;
  });

  it('gives its informer back and says nothing more when it is stopped', async () => {
    const { kubernetes, context, emitted, stop, ended } = start();
    kubernetes.set(pod('c-0', { notReadySinceMs: context.clock.epochMs() }));
    await context.clock.advance(0);
    stop.abort();
    await ended;
    kubernetes.set();
    await context.clock.advance(60_000);
    expect(emitted).toEqual([['c-0']]);
    expect(kubernetes.closed).toBe(1);
    expect(context.clock.pendingTimers).toBe(0);
  });

  it('ends in peace when it is stopped before the pods are known', async () => {
    const { stop, ended, emitted } = start();
    stop.abort();
    await expect(ended).resolves.toBeUndefined();
    expect(emitted).toEqual([]);
  });

  it('crashes with a reason where there is no cluster', async () => {
    const source = kubernetesCollectors.create(
      { labelSelector: '', namespace: 'ns', notReadyGracePeriodMs: 0 },
      testContext(),
    );
    await expect(source.run(() => undefined, new AbortController().signal)).rejects.toThrow(
      'TA_COLLECTORS_NO_KUBERNETES',
    );
  });

  describe('options', () => {
    it('take a selector as Kubernetes writes it, and complete the rest', async () => {
      const selector = {
        matchLabels: { app: 'otel' },
        matchExpressions: [{ key: 'tier', operator: 'In', values: ['gold'] }],
      };
      expect(await validated({ selector, namespace: 'ns' })).toEqual({
        value: {
          labelSelector: 'app=otel,tier in (gold)',
          namespace: 'ns',
          notReadyGracePeriodMs: 30_000,
        },
      });
    });

    it('tell an empty selector, which selects all, from none, which selects nothing', async () => {
      const labelSelectorOf = async (options: object) => {
        const result = await validated({ namespace: 'ns', ...options });
        return result?.issues === undefined ? result?.value.labelSelector : 'refused';
      };
      expect(await labelSelectorOf({ selector: {} })).toBe('');
      expect(await labelSelectorOf({ labelSelector: '' })).toBe('');
      expect(await labelSelectorOf({ selector: undefined })).toBeUndefined();
      expect(await labelSelectorOf({})).toBeUndefined();
    });

    it('are refused with the path of each problem', async () => {
      const result = await validated({
        labelSelector: 'a=b',
        selector: {},
        notReadyGracePeriodMs: -1,
        graceperiod: 1,
      });
      expect(result?.issues?.map(({ path, message }) => [path, message])).toEqual([
        [['graceperiod'], expect.stringContaining('unknown key')],
        [['labelSelector'], 'cannot be given beside selector'],
        [['namespace'], 'must be a text that is not empty'],
        [['notReadyGracePeriodMs'], 'must be a number of at least 0'],
      ]);
      const selector = { matchExpressions: [{ key: 'k', operator: 'Like' }, { operator: 'In' }] };
      const nested = await validated({ namespace: 'ns', selector });
      expect(nested?.issues?.map(({ path }) => path)).toEqual([
        ['selector', 'matchExpressions', 0, 'operator'],
        ['selector', 'matchExpressions', 1, 'key'],
        ['selector'],
      ]);
    });
  });
});
