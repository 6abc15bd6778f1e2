/** A target group as file and HTTP service discovery write it. */
interface WrittenGroup {
  readonly targets: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

const targetsPerGroup = 4;
/** Each so many'th group has a label name that no other group ever has. */
const groupsPerLabelName = 20;

/** Lists of target groups whose targets change, and never come back. */
export class TargetList {
  readonly #groups: WrittenGroup[];
  #oldest = 0;
  /** How many groups there have been. */
  #made = 0;

  constructor(
    private readonly name: string,
    targets: number,
  ) {
    this.#groups = Array.from({ length: targets / targetsPerGroup }, () => this.#nextGroup());
  }

  get text(): string {
    return JSON.stringify(this.#groups);
  }

  /** Other groups take the place of those that have been there for longest. @returns the address of a new target */
  replace(targets: number): string {
    let address = '';
    for (let n = 0; n < targets; n += targetsPerGroup) {
      const group = this.#nextGroup();
      this.#groups[this.#oldest] = group;
      this.#oldest = (this.#oldest + 1) % this.#groups.length;
      address = group.targets[0] ?? '';
    }
    return address;
  }

  #nextGroup(): WrittenGroup {
    const n = this.#made++;
    const host = `${String(n)}.${this.name}`;
    const ownName = `of_${host.replaceAll(/[^a-z0-9]/g, '_')}`;
    return {
      targets: Array.from({ length: targetsPerGroup }, (_, i) => `${host}:${String(9_000 + i)}`),
      labels: {
        ...(n % groupsPerLabelName === 0 ? { [ownName]: 'here' } : {}),
        __meta_image: `registry/${host}`,
        __meta_node: `node-${String(n % 50)}`,
        __meta_uid: `uid-of-${host}`,
        app: `app-of-${host}`,
        env: n % 2 === 0 ? 'production' : 'staging',
        owner: `owner-${String(n % 20)}`,
        team: `team-of-${host}`,
        version: `v-${host}`,
        zone: `zone-${String(n % 3)}`,
      },
    };
  }
}
