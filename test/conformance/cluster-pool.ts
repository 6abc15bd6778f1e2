import { CaseCluster } from './case-cluster.js';

interface Place {
  cluster?: { readonly definitions: string; readonly started: CaseCluster } | undefined;
}

/** A few control planes that are lent out to one case at a time. */
export class ClusterPool {
  readonly #places: readonly Place[];
  readonly #free: Place[];
  readonly #waiting: ((place: Place) => void)[] = [];

  constructor(size: number) {
    this.#places = Array.from({ length: size }, (): Place => ({}));
    this.#free = [...this.#places];
  }

  /** Runs `action` on an empty cluster with these custom resource definitions. */
  async use<T>(
    definitions: readonly string[],
    action: (cluster: CaseCluster) => Promise<T>,
  ): Promise<T> {
    const place = this.#free.pop() ?? (await new Promise<Place>((r) => this.#waiting.push(r)));
    try {
      const result = await action(await this.#clusterAt(place, definitions.join()));
      await place.cluster?.started.wipe();
      return result;
    } catch (error) {
      // Nobody knows what is left in it.
      await this.#empty(place);
      throw error;
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free.push(place);
      else next(place);
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.#places.map((place) => this.#empty(place)));
  }

  async #clusterAt(place: Place, definitions: string): Promise<CaseCluster> {
    if (place.cluster?.definitions !== definitions) await this.#empty(place);
    place.cluster ??= {
      definitions,
      started: await CaseCluster.start(definitions.split(',').filter(Boolean)),
    };
    return place.cluster.started;
  }

  async #empty(place: Place): Promise<void> {
    const { cluster } = place;
    place.cluster = undefined;
    await cluster?.started.stop();
  }
}
