import { randomUUID } from 'node:crypto';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { type ListenAddress, urlOf } from '../config/index.js';
import type { Replica } from './replica.js';
import { REPLICA, SURROUNDINGS } from './replication.tokens.js';
import { ownAddress, type ReplicaSurroundings } from './surroundings.js';

/** Starts and ends the part of this process in the decisions of all replicas. */
@Injectable()
export class ReplicaLifecycle implements OnModuleInit, OnModuleDestroy {
  constructor(
    @Inject(REPLICA) private readonly replica: Replica | undefined,
    @Inject(SURROUNDINGS) private readonly surroundings: ReplicaSurroundings,
  ) {}

  /** Before there are targets, so that none is placed before it is known who decides. */
  async onModuleInit(): Promise<void> {
    await this.replica?.prepare();
  }

  /** Why it is not known yet who has which target; `undefined`: it is. */
  whyUndecided(): string | undefined {
    return this.replica?.whyUndecided();
  }

  /** Takes part in the election. @param address What is listened on; without a host: every interface. */
  start({ host, port }: ListenAddress): void {
    const { name, address = host ?? ownAddress() } = this.surroundings;
    // Never the same again: a process that starts anew has forgotten what it decided.
    const identity = `${name}_${randomUUID()}`;
    this.replica?.start({ identity, url: urlOf({ host: address, port }, 'http') });
  }

  /** Another replica may decide from now on. */
  async giveUp(): Promise<void> {
    await this.replica?.giveUp();
  }

  async onModuleDestroy(): Promise<void> {
    await this.replica?.close();
  }
}
