import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** What a full list cost: memory in MiB, times in ms. */
export interface ListFigures {
  readonly groups: number;
  readonly ms: number;
  readonly cpuMs: number;
  readonly stallMs: number;
  /** The longest stall of two seconds of idling before it. */
  readonly idleStallMs: number;
  /** Before the first request, after a collection of garbage. */
  readonly baseMiB: number;
  readonly highestMiB: number;
  /** As the kernel counted it. */
  readonly peakMiB: number;
  readonly settledMiB: number;
}

/** What the changes cost, and how late they were seen after they were sent. */
export interface ChurnFigures {
  readonly cpuMs: number;
  readonly stallMs: number;
  readonly madeGroups: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly longestMs: number;
  readonly rssMiB: number;
}

export interface ProbeState {
  /** Number of the newest change that it has seen; -1: none. */
  readonly latest: number;
}

/** The measured process, seen from the one that measures. */
export class KubernetesProbe {
  readonly #child: ChildProcess;

  constructor(kubeConfig: string, namespace: string) {
    const script = fileURLToPath(new URL('kubernetes-probe.mjs', import.meta.url));
    this.#child = fork(script, [kubeConfig, namespace], { execArgv: ['--expose-gc'] });
    process.once('exit', () => this.#child.kill('SIGKILL'));
  }

  async listed(): Promise<ListFigures> {
    return (await this.#answer('listed')) as ListFigures;
  }

  beginChurn(): void {
    this.#child.send('begin churn');
  }

  async state(): Promise<ProbeState> {
    this.#child.send('state');
    return (await this.#answer('state')) as ProbeState;
  }

  /** Ends the process, too. */
  async endChurn(): Promise<ChurnFigures> {
    this.#child.send('end churn');
    return (await this.#answer('churned')) as ChurnFigures;
  }

  async #answer(key: string): Promise<unknown> {
    const ended = once(this.#child, 'exit').then(([code]) => {
      throw new Error(`the probe has ended with ${String(code)}`);
    });
    const [message] = (await Promise.race([once(this.#child, 'message'), ended])) as [
      Readonly<Record<string, unknown>>,
    ];
    return message[key];
  }
}
