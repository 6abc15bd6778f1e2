import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { Injectable } from '@nestjs/common';
import { BodySender } from '../bodies/body-sender.js';
import { type PolledBody, PolledBodies } from '../data/polled-bodies.js';
import { UnknownCollectors } from '../data/unknown-collectors.js';
import { HttpObserver } from './http-observer.js';

/**
 * A short way for what a thousand collectors ask for again and again: a poll whose answer is there is answered before the
 * router, its hooks and the controllers have a look at it, which cost more than the answer. Everything else, also whatever
 * fails, goes to the routes; for what is answered here they would give the very same answer.
 */
@Injectable()
export class PolledRoutes {
  constructor(
    private readonly bodies: PolledBodies,
    private readonly sender: BodySender,
    private readonly unknownCollectors: UnknownCollectors,
    private readonly observer: HttpObserver,
  ) {}

  /** What takes requests in place of `routes`, and gives it those that it does not answer. */
  before(routes: RequestListener): RequestListener {
    return (request, response) => {
      if (!this.#answer(request, response)) routes(request, response);
    };
  }

  #answer(request: IncomingMessage, response: ServerResponse): boolean {
    const startMs = performance.now();
    const polled = this.#find(request);
    if (polled === undefined) return false;
    const { route, body, collector } = polled;
    if (!this.sender.sendNow(request, response, body)) return false;
    this.observer.observe(response, route, startMs);
    if (collector !== undefined) this.unknownCollectors.note(collector);
    return true;
  }

  /** An error is the route's: it has a filter that says and logs it. */
  #find(request: IncomingMessage): PolledBody | undefined {
    try {
      return this.bodies.find(request);
    } catch {
      return undefined;
    }
  }
}
