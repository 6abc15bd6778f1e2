import { labelSetOf, type LabelSet } from '../../../../plugin-api/index.js';
import { joinHostPort, type LabelEntry } from '../labels.js';
import type { Pod } from '../objects/pod.js';
import type { TargetReference } from '../objects/target-reference.js';
import type { GroupContext } from './group-context.js';
import { containerPortLabels, podLabels } from './pod-labels.js';

interface SeenPod {
  readonly pod: Pod;
  readonly labels: readonly LabelEntry[];
  /** Port numbers that there is a target for. */
  readonly ports: Set<string>;
}

/** The pods behind the addresses of one group, and which of their ports have got a target. */
export class PodsBehind {
  readonly #seen = new Map<string, SeenPod>();

  constructor(private readonly context: GroupContext) {}

  /**
   * The labels that a target gets from the pod behind its address; none when that is no pod, or not known.
   *
   * @param port The address' port; `undefined`: it has none.
   * @param protocol Replaces the protocol that the container declares.
   */
  labels(
    reference: TargetReference | undefined,
    port: string | undefined,
    protocol?: string,
  ): readonly LabelEntry[] {
    const seen = this.#see(reference);
    if (seen === undefined) return [];
    if (port === undefined) return seen.labels;
    seen.ports.add(port);
    const containers = seen.pod.containers.flatMap((container) => {
      const declared = container.ports.find(({ number }) => number === port);
      if (declared === undefined) return [];
      const { name, number } = declared;
      return containerPortLabels(container, {
        name,
        number,
        protocol: protocol ?? declared.protocol,
      });
    });
    return [...seen.labels, ...containers];
  }

  /** Targets for the declared ports of those pods that no address had. */
  otherTargets(): readonly LabelSet[] {
    return [...this.#seen.values()].flatMap(({ pod, labels, ports }) => {
      if (pod.ip === '') return [];
      return pod.containers.flatMap((container) =>
        container.ports
          .filter(({ number }) => !ports.has(number))
          .map((port) =>
            labelSetOf([
              ['__address__', joinHostPort(pod.ip, port.number)],
              ...containerPortLabels(container, port),
              ...labels,
            ]),
          ),
      );
    });
  }

  #see(reference: TargetReference | undefined): SeenPod | undefined {
    if (reference?.kind !== 'Pod') return undefined;
    const key = `${reference.namespace}/${reference.name}`;
    const known = this.#seen.get(key);
    if (known !== undefined) return known;
    const pod = this.context.find('pod', key);
    if (pod === undefined) return undefined;
    const seen = { pod, labels: podLabels(pod, this.context), ports: new Set<string>() };
    this.#seen.set(key, seen);
    return seen;
  }
}
