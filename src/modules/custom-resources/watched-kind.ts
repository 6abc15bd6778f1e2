import type {
  Clock,
  Informer,
  InformerChange,
  InformerFailure,
  InformerRequest,
  KubernetesAccess,
} from '../../plugin-api/index.js';

/** For so long an API server must say that it does not know a kind whose objects it has given before, in milliseconds. */
const confirmAbsenceMs = 10_000;

/** What several informers of one kind are opened with. */
export interface WatchedKindOptions<T> {
  readonly kubernetes: KubernetesAccess;
  readonly clock: Clock;
  readonly requests: readonly InformerRequest<T>[];
  /** Objects have changed; `undefined`: perhaps all of them. */
  readonly onChange: (changes: readonly InformerChange<T>[] | undefined) => void;
  /** An informer has synced, fails or works again. */
  readonly onState: () => void;
}

interface Member<T> {
  readonly informer: Informer<T>;
  /** The kind was removed from the cluster, and its objects with it. */
  isGone: boolean;
  cancelConfirmation: () => void;
}

/** The objects of one kind in all places where they are looked for. */
export class WatchedKind<T> {
  readonly #stop = new AbortController();
  #members: readonly Member<T>[] = [];

  constructor(private readonly options: WatchedKindOptions<T>) {}

  open(): void {
    const { requests, onChange } = this.options;
    this.#members = requests.map((request) => this.#open(request));
    // What a shared informer has already is told by no event.
    onChange(undefined);
  }

  /** Each place has given its objects, or the server has said that it never will: they are known. */
  get isKnown(): boolean {
    return this.#members.every(({ informer }) => informer.hasSynced || isVerdict(informer.failure));
  }

  /** The worst that fails at present. */
  get failure(): InformerFailure | undefined {
    const failures = this.#members.flatMap(({ informer }) => informer.failure ?? []);
    return failures.find(isVerdict) ?? failures[0];
  }

  get(key: string): T | undefined {
    for (const { informer, isGone } of this.#members) {
      const found = isGone ? undefined : informer.get(key);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  *list(): Iterable<T> {
    for (const { informer, isGone } of this.#members) if (!isGone) yield* informer.list();
  }

  close(): void {
    this.#stop.abort();
    for (const { informer, cancelConfirmation } of this.#members) {
      cancelConfirmation();
      informer.close();
    }
  }

  #open(request: InformerRequest<T>): Member<T> {
    const { kubernetes, onChange, onState } = this.options;
    const informer = kubernetes.informer(request);
    const member: Member<T> = { informer, isGone: false, cancelConfirmation: () => undefined };
    informer.onChange(onChange);
    informer.onFailure((failure) => {
      this.#judge(member, failure);
      onState();
    });
    informer.synced(this.#stop.signal).then(onState, () => undefined);
    return member;
  }

  /** Objects are kept through anything but the confirmed removal of their kind. */
  #judge(member: Member<T>, failure: InformerFailure | undefined): void {
    member.cancelConfirmation();
    if (failure?.kind === 'absent') {
      member.cancelConfirmation = this.options.clock.after(confirmAbsenceMs, () => {
        this.#setGone(member, true);
      });
    } else if (failure === undefined) this.#setGone(member, false);
  }

  #setGone(member: Member<T>, isGone: boolean): void {
    if (member.isGone === isGone) return;
    member.isGone = isGone;
    this.options.onChange(undefined);
  }
}

function isVerdict(failure: InformerFailure | undefined): failure is InformerFailure {
  return failure?.kind === 'absent' || failure?.kind === 'forbidden';
}
