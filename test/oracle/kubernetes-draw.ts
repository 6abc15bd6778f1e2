/** Draws from [0, 1), the same numbers for the same seed. */
export type Random = () => number;

/** The generator mulberry32. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A part of an object. */
export type Body = Readonly<Record<string, unknown>>;

/** Chooses the parts of objects. */
export class Draw {
  constructor(
    private readonly random: Random,
    readonly namespace: string,
  ) {}

  below(count: number): number {
    return Math.floor(this.random() * count);
  }
  chance(probability: number): boolean {
    return this.random() < probability;
  }
  of<T>(...choices: readonly T[]): T {
    const [chosen] = choices.slice(this.below(choices.length));
    if (chosen === undefined) throw new Error('nothing to choose from');
    return chosen;
  }
  some<T>(...choices: readonly T[]): readonly T[] {
    return choices.filter(() => this.chance(0.5));
  }
  maybe<T extends Body>(part: T): T | Record<string, never> {
    return this.chance(0.5) ? part : {};
  }
  labels(): Body {
    return Object.fromEntries(
      this.some('app', 'tier', 'app.kubernetes.io/name', 'UPPER-x', 'a.b/c-d_e').map((key) => [
        key,
        this.of('a', 'b', ''),
      ]),
    );
  }
  metadata(name: string): Body {
    const keys = this.some('prometheus.io/scrape', 'x.y/Z_1');
    return {
      name,
      labels: this.labels(),
      annotations: Object.fromEntries(
        keys.map((key) => [key, this.of('true', 'ü "x"\n', '', '{"a":1}')]),
      ),
    };
  }
  node(): string {
    return `node-${String(this.below(4))}`;
  }
  ip(): string {
    return this.of('10.0.0.1', '10.0.0.2', 'fd00::1');
  }
  port(): number {
    return this.of(80, 8080, 9090, 53);
  }
  protocol(): Body {
    return this.maybe({ protocol: this.of('TCP', 'UDP') });
  }
  controller(...kinds: readonly [string, ...string[]]): Body {
    if (this.chance(0.3)) return {};
    const kind = this.of(...kinds);
    const name = kind === 'Other' ? 'x' : `${kind.toLowerCase()}-${String(this.below(2))}`;
    const reference = { apiVersion: 'apps/v1', kind, name, uid: 'u', controller: true };
    return { ownerReferences: [reference] };
  }
  targetRef(): Body {
    const kind = this.of('Pod', 'Pod', 'Pod', 'Node', 'VM');
    const name = kind === 'Node' ? this.node() : `pod-${String(this.below(4))}`;
    const namespace = kind === 'Node' ? {} : { namespace: this.namespace };
    return this.chance(0.2) ? {} : { targetRef: { kind, name, ...namespace } };
  }
}
