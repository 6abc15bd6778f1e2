import type { Clock, KeyedPlacement, Logger } from '../../plugin-api/index.js';
import type { AllocationView } from '../../core/allocation/allocation-view.js';
import { ConsistentPlacement } from './decisions/consistent-placement.js';
import { DecisionsClient } from './decisions/decisions-client.js';
import { LeaderElection, type Leadership } from './election/leader-election.js';
import type { LeaseHolder } from './election/lease.js';
import type { LeaseStore } from './election/lease-store.js';
import { allJobs, Following, type InTurn } from './following.js';
import { LeaderLink } from './leader-link.js';

export interface ReplicaOptions {
  readonly view: () => AllocationView;
  readonly inTurn: InTurn;
  /** Places targets that nobody decides about. */
  readonly keyed: KeyedPlacement;
  /** `undefined`: there is no cluster that a Lease could be in. */
  readonly store: LeaseStore | undefined;
  /** Whether this replica knows its targets, so that it could decide. */
  readonly knowsTargets: () => boolean;
  readonly startupTimeoutMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** `apart`: without a leader it could agree with others through; targets whose collector is not known go by hash. */
export type Role = 'starting' | 'leading' | 'following' | 'apart';

/** Between looks at targets that wait and at collectors that have changed. */
const refreshMs = 250;
/** More than the longest time between two looks at the Lease of a replica that follows. */
const informedFirstMs = 5_000;
/** Between looks at decisions about jobs that are gone. */
const forgetMs = 300_000;
/** How long the former leader's decisions count for targets that are discovered late. */
const rememberMs = 300_000;

/**
 * One of several replicas whose strategy depends on the past. The one that leads decides itself; the others follow its
 * decisions, and keep them when it is gone, so that nothing moves when one of them takes over.
 */
export class Replica {
  readonly #options: ReplicaOptions;
  readonly #stop = new AbortController();
  readonly #placement: ConsistentPlacement;
  readonly #client: DecisionsClient;
  #election: LeaderElection | undefined;
  #following: Following;
  #link: LeaderLink | undefined;
  #identity = '';
  #role: Role = 'starting';
  #isDecided = false;
  #decidedAtMs: number | undefined;
  /** Changes of the role, one after the other. */
  #changes: Promise<void> = Promise.resolve();

  constructor(options: ReplicaOptions) {
    this.#options = options;
    this.#placement = new ConsistentPlacement(options.view, options.keyed);
    this.#client = new DecisionsClient(options.clock);
    this.#following = this.#newFollowing();
  }

  get role(): Role {
    return this.#role;
  }

  get election(): LeaderElection | undefined {
    return this.#election;
  }

  /** How many targets the leader has said nothing of, while there is one to follow. */
  get undecided(): number {
    return this.#role === 'following' ? this.#following.undecided : 0;
  }

  /** How long ago the leader last answered, in milliseconds; `undefined`: it never did, or this replica does not follow. */
  get decisionAgeMs(): number | undefined {
    if (this.#role !== 'following' || this.#decidedAtMs === undefined) return undefined;
    return this.#options.clock.monotonicMs() - this.#decidedAtMs;
  }

  /** Others may rely on what this replica decides. */
  get isLeading(): boolean {
    return this.#role === 'leading' && this.#election?.isLeading === true;
  }

  /** Whose decisions these are, for followers; `''`: it takes no part yet. */
  get identity(): string {
    return this.#identity;
  }

  /** Why it is not known yet who has which target; `undefined`: it is. */
  whyUndecided(): string | undefined {
    return this.#isDecided ? undefined : 'the decisions of the leading replica are awaited';
  }

  /** To be called before there are targets. */
  async prepare(): Promise<void> {
    await this.#following.begin(false);
  }

  /** Takes part in the election; to be called when followers can ask this replica. */
  start(self: LeaseHolder): void {
    const { store, clock, startupTimeoutMs, knowsTargets } = this.#options;
    const { signal } = this.#stop;
    this.#identity = self.identity;
    void this.#refresh(signal);
    if (store === undefined) {
      this.#options.logger.warn(
        'there is no cluster to elect a leader in: targets are placed by consistent hashing',
      );
      this.#change(() => this.#goApart());
      return;
    }
    this.#election = new LeaderElection({
      store,
      self,
      clock,
      random: Math.random,
      mayLead: () => knowsTargets() && this.#isInTurn(),
      onChange: (leadership) => {
        this.#change(() => this.#take(leadership));
      },
      onFailure: (error) => {
        this.#options.logger.debug('the Lease could not be read or written', { error });
      },
    });
    void this.#election.run(signal);
    void clock.sleep(startupTimeoutMs, signal).then(() => {
      if (!signal.aborted) this.#change(() => this.#goAlone());
    });
  }

  /** Leads no more, so that another replica takes over at once. */
  async giveUp(): Promise<void> {
    await this.#election?.giveUp();
  }

  async close(): Promise<void> {
    await this.giveUp();
    this.#stop.abort();
    await this.#link?.close();
    await this.#changes;
    this.#client.close();
  }

  /**
   * A replica that has just started would decide everything anew: it leaves a Lease that somebody held to those who know
   * what was decided, as long as there may be any.
   */
  #isInTurn(): boolean {
    const observed = this.#election?.observed;
    if (this.#isDecided || observed === undefined) return true;
    return observed.ageMs >= observed.lease.durationMs + informedFirstMs;
  }

  #change(work: () => Promise<void>): void {
    this.#changes = this.#changes.then(work).catch((error: unknown) => {
      this.#options.logger.error('the role of this replica could not be changed', { error });
    });
  }

  async #take(leadership: Leadership): Promise<void> {
    // What has been overtaken by another change meanwhile need not be done.
    if (leadership !== this.#election?.leadership) return;
    switch (leadership.kind) {
      case 'leading':
        return this.#lead();
      case 'following':
        return this.#follow(leadership.leader, leadership.url);
      case 'vacant':
        return this.#follow(undefined, undefined);
      case 'refused': {
        const { namespace, name } = this.#options.store?.name ?? {};
        this.#options.logger.warn(
          'no part in the election of a leader: targets are placed by consistent hashing',
          {
            needed: `verbs get, create and update on leases.coordination.k8s.io in namespace ${String(namespace)}`,
            lease: name,
            error: leadership.error,
          },
        );
        return this.#goApart();
      }
    }
  }

  async #lead(): Promise<void> {
    if (this.#role === 'leading') return;
    await this.#unlink();
    const following = this.#following;
    await following.end();
    void this.#options.clock.sleep(rememberMs, this.#stop.signal).then(() => {
      // Who follows again does so with decisions of its own.
      following.forget();
    });
    this.#role = 'leading';
    this.#isDecided = true;
    this.#options.logger.info('this replica leads: it decides which collector gets which target');
  }

  async #follow(leader: string | undefined, url: string | undefined): Promise<void> {
    const { logger, clock } = this.#options;
    if (this.#role === 'leading' || this.#role === 'apart') {
      this.#following = this.#newFollowing();
      await this.#following.begin(true);
      logger.info('this replica does not decide any more');
    }
    if (this.#role !== 'starting' || url !== undefined) this.#role = 'following';
    if (url !== undefined && this.#link?.url === url) return;
    await this.#unlink();
    if (url === undefined) return;
    logger.info('this replica follows the decisions of the leading one', { leader, url });
    this.#link = new LeaderLink(url, this.#following, {
      ...{ client: this.#client, clock, logger },
      onDecisions: () => {
        this.#isDecided = true;
        this.#decidedAtMs = clock.monotonicMs();
      },
      onFailure: () => this.#election?.hurry(),
    });
  }

  /** Every replica that is in this case comes to the same placement, whatever was before. */
  async #goApart(): Promise<void> {
    await this.#unlink();
    const decisions = this.#placement;
    await this.#options.inTurn((allocation) => allocation.guide({ kind: 'followed', decisions }));
    this.#role = 'apart';
    this.#isDecided = true;
  }

  /** The start-up bound is over. */
  async #goAlone(): Promise<void> {
    if (this.#isDecided) return;
    this.#options.logger.warn(
      'no leading replica was found: targets stay where they are known to be, others are placed by hash',
    );
    await this.#following.goAlone();
    this.#isDecided = true;
  }

  async #unlink(): Promise<void> {
    await this.#link?.close();
    this.#link = undefined;
  }

  #newFollowing(): Following {
    const { inTurn, clock } = this.#options;
    return new Following(inTurn, this.#placement, clock);
  }

  async #refresh(signal: AbortSignal): Promise<void> {
    const { clock, view, logger, inTurn } = this.#options;
    let { collectors } = view();
    let forgetAtMs = clock.monotonicMs() + forgetMs;
    while (!signal.aborted) {
      await clock.sleep(refreshMs, signal);
      try {
        if (this.#role === 'following' || this.#role === 'starting') {
          await this.#following.refresh(view());
        } else if (this.#role === 'apart' && collectors !== view().collectors) {
          ({ collectors } = view());
          await inTurn((allocation) => allocation.redecide(allJobs(allocation)));
        }
        if (clock.monotonicMs() < forgetAtMs) continue;
        forgetAtMs = clock.monotonicMs() + forgetMs;
        this.#following.forgetGoneJobs(view());
      } catch (error) {
        logger.error('targets without a decision could not be placed', { error });
      }
    }
  }
}
