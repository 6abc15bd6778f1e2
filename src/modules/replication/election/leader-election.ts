import type { Clock } from '../../../plugin-api/index.js';
import { ApiStatusError } from '../../kubernetes/index.js';
import { heldLease, type Lease, type LeaseHolder, newLease, releasedLease } from './lease.js';
import type { LeaseStore } from './lease-store.js';

/** Who decides, as far as this replica knows. */
export type Leadership =
  /** Nobody, or it cannot be told. */
  | { readonly kind: 'vacant' }
  | { readonly kind: 'leading' }
  | { readonly kind: 'following'; readonly leader: string; readonly url: string | undefined }
  /** The API server does not let this replica take part. */
  | { readonly kind: 'refused'; readonly error: ApiStatusError };

export interface LeaderElectionOptions {
  readonly store: LeaseStore;
  readonly self: LeaseHolder;
  readonly clock: Clock;
  /** From 0 to below 1. */
  readonly random: () => number;
  /** A replica that does not know its targets yet leaves it to others to lead. */
  readonly mayLead: () => boolean;
  /** Told of each change, and of each failure that is none of the expected ones. */
  readonly onChange: (leadership: Leadership) => void;
  readonly onFailure: (error: unknown) => void;
}

/** A holder that could not renew for so long leads no more: well before the others may take over. */
const renewDeadlineMs = 10_000;
const retryMs = 2_000;
const retryJitter = 1.2;
/** As client-go: half of the deadline, so that one lost packet costs no leadership. */
const attemptMs = renewDeadlineMs / 2;
/** Between attempts while the right is lacking. */
const refusedMs = 10_000;
/** Between attempts that somebody asks for. */
const leastMs = 500;

/**
 * Elects one of several replicas by a Lease, with the rules and times of client-go's leaderelection: whether a Lease has
 * expired is judged by the local time that has passed since it was last seen to change, never by the times in it.
 *
 * @see https://github.com/kubernetes/client-go/blob/v0.34.0/tools/leaderelection/leaderelection.go
 */
export class LeaderElection {
  readonly #options: LeaderElectionOptions;
  #leadership: Leadership = { kind: 'vacant' };
  #observed: { readonly lease: Lease; readonly atMs: number } | undefined;
  #renewedMs = -Infinity;
  /** The last time that the API server let this replica do as it wanted. */
  #allowedMs = -Infinity;
  #attemptedMs = -Infinity;
  #wake = new AbortController();
  #cancelHurry: () => void = () => undefined;
  #isGivenUp = false;
  #release: (() => void) | undefined;
  #givenUp: Promise<void> | undefined;

  constructor(options: LeaderElectionOptions) {
    this.#options = options;
  }

  get leadership(): Leadership {
    return this.#leadership;
  }

  /** Right at any moment, also in a process that was stopped and goes on. */
  get isLeading(): boolean {
    return this.#leadership.kind === 'leading' && this.#leadsForMs > 0;
  }

  /** The Lease as last seen, and how long ago it was seen to change, in milliseconds. */
  get observed(): { readonly lease: Lease; readonly ageMs: number } | undefined {
    if (this.#observed === undefined) return undefined;
    const { lease, atMs } = this.#observed;
    return { lease, ageMs: this.#options.clock.monotonicMs() - atMs };
  }

  /** Takes part until aborted. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      // Made before the attempt, so that who calls during it is heard after it.
      const wake = new AbortController();
      this.#wake = wake;
      await this.#attempt(signal);
      await this.#options.clock.sleep(this.#pauseMs(), AbortSignal.any([signal, wake.signal]));
    }
    this.#cancelHurry();
  }

  /** Looks at the Lease soon: something says that the leader has changed. */
  hurry(): void {
    const { clock } = this.#options;
    const waitMs = this.#attemptedMs + leastMs - clock.monotonicMs();
    this.#cancelHurry();
    this.#cancelHurry = clock.after(waitMs, () => {
      this.#wake.abort();
    });
  }

  /** Leads no more and never again; resolves when the Lease is given back, or cannot be within a bound. */
  giveUp(): Promise<void> {
    this.#isGivenUp = true;
    return (this.#givenUp ??= this.#giveBack());
  }

  async #giveBack(): Promise<void> {
    if (this.#leadership.kind !== 'leading') return;
    const { clock } = this.#options;
    const released = new Promise<void>((resolve) => {
      this.#release = resolve;
    });
    this.#wake.abort();
    await Promise.race([released, clock.sleep(retryMs)]);
    this.#set({ kind: 'vacant' });
  }

  async #attempt(signal: AbortSignal): Promise<void> {
    const { clock, onFailure } = this.#options;
    this.#attemptedMs = clock.monotonicMs();
    const timeout = new AbortController();
    const cancel = clock.after(Math.min(attemptMs, this.#leadsForMs), () => {
      timeout.abort(new DOMException('the API server did not answer in time', 'TimeoutError'));
    });
    try {
      await this.#acquireOrRenew(AbortSignal.any([signal, timeout.signal]));
      this.#allowedMs = clock.monotonicMs();
    } catch (error) {
      if (!signal.aborted) this.#note(error, onFailure);
    } finally {
      cancel();
    }
    if (this.#leadsForMs <= 0) this.#set({ kind: 'vacant' });
  }

  #note(error: unknown, onFailure: (error: unknown) => void): void {
    if (!(error instanceof ApiStatusError)) {
      onFailure(error);
      return;
    }
    // Somebody was faster; the next look shows who.
    if (error.status === 409) return;
    const refusedForMs = this.#options.clock.monotonicMs() - this.#allowedMs;
    const isVerdict = error.status === 403 && refusedForMs >= renewDeadlineMs;
    if (isVerdict) this.#set({ kind: 'refused', error });
    else onFailure(error);
  }

  async #acquireOrRenew(signal: AbortSignal): Promise<void> {
    const { store, self, clock } = this.#options;
    const isLeading = this.#leadership.kind === 'leading';
    if (
      isLeading &&
      this.#observed !== undefined &&
      (await this.#renew(this.#observed.lease, signal))
    )
      return;
    const lease = await store.read(signal);
    if (lease === undefined) {
      this.#observed = undefined;
      if (!this.#mayLead()) this.#set({ kind: 'vacant' });
      else this.#hold(await store.create(newLease(store.name, self, clock.epochMs()), signal));
      return;
    }
    this.#observe(lease);
    if (lease.holder !== '' && lease.holder !== self.identity && this.#expiresInMs(lease) > 0) {
      this.#set({ kind: 'following', leader: lease.holder, url: lease.holderUrl });
    } else if (!this.#mayLead()) this.#set({ kind: 'vacant' });
    else this.#hold(await store.replace(heldLease(lease, self, clock.epochMs()), signal));
  }

  /** @returns false when the Lease is another by now. */
  async #renew(lease: Lease, signal: AbortSignal): Promise<boolean> {
    const { store, self, clock } = this.#options;
    try {
      if (this.#isGivenUp) {
        this.#observe(await store.replace(releasedLease(lease, clock.epochMs()), signal));
        this.#set({ kind: 'vacant' });
        this.#release?.();
      } else this.#hold(await store.replace(heldLease(lease, self, clock.epochMs()), signal));
      return true;
    } catch (error) {
      const isOther = error instanceof ApiStatusError && [404, 409].includes(error.status);
      if (!isOther) throw error;
      return false;
    }
  }

  /** How long a leader that cannot renew may go on, in milliseconds; `Infinity` for others. */
  get #leadsForMs(): number {
    if (this.#leadership.kind !== 'leading') return Infinity;
    return this.#renewedMs + renewDeadlineMs - this.#options.clock.monotonicMs();
  }

  #mayLead(): boolean {
    return !this.#isGivenUp && this.#options.mayLead();
  }

  #hold(lease: Lease): void {
    this.#renewedMs = this.#attemptedMs;
    this.#observe(lease);
    this.#set({ kind: 'leading' });
  }

  #observe(lease: Lease): void {
    const atMs = this.#options.clock.monotonicMs();
    const isSame = this.#observed?.lease.stamp === lease.stamp;
    this.#observed = { lease, atMs: isSame ? (this.#observed?.atMs ?? atMs) : atMs };
  }

  #expiresInMs(lease: Lease): number {
    const { clock } = this.#options;
    return (this.#observed?.atMs ?? 0) + lease.durationMs - clock.monotonicMs();
  }

  #pauseMs(): number {
    if (this.#leadership.kind === 'leading') {
      return Math.min(this.#isGivenUp ? leastMs : retryMs, this.#leadsForMs);
    }
    if (this.#leadership.kind === 'refused') return refusedMs;
    const jitteredMs = retryMs * (1 + retryJitter * this.#options.random());
    const { lease } = this.#observed ?? {};
    const isHeld = lease !== undefined && lease.holder !== '';
    const expiresInMs = isHeld ? this.#expiresInMs(lease) : 0;
    // Nobody else has to wait longer than the Lease says.
    return expiresInMs > 0 ? Math.min(jitteredMs, expiresInMs) : jitteredMs;
  }

  #set(leadership: Leadership): void {
    const former = this.#leadership;
    this.#leadership = leadership;
    if (!isSame(former, leadership)) this.#options.onChange(leadership);
  }
}

function isSame(a: Leadership, b: Leadership): boolean {
  if (a.kind !== 'following' || b.kind !== 'following') return a.kind === b.kind;
  return a.leader === b.leader && a.url === b.url;
}
