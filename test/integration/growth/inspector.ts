import { once } from 'node:events';
import { WebSocket, type MessageEvent } from 'undici';
import { isRecord } from '../../../src/core/document/is-record.js';
import type { Program } from '../../fixtures/program.js';

/** Has Node open its inspector on a free port of 127.0.0.1. */
export const inspectable: NodeJS.ProcessEnv = { NODE_OPTIONS: '--inspect=127.0.0.1:0' };

interface Waiting {
  resolve(result: Readonly<Record<string, unknown>>): void;
  reject(error: Error): void;
}

/** A connection to the inspector of a program that was started {@link inspectable}. */
export class Inspector {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  /** The pieces of the heap snapshot that is being taken. */
  #chunks: string[] = [];

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', (event: MessageEvent) => {
      this.#take(String(event.data));
    });
  }

  static async connect(program: Program): Promise<Inspector> {
    const [, url = ''] = await program.waitForOutput(/Debugger listening on (ws:\S+)/);
    const socket = new WebSocket(url);
    await once(socket, 'open');
    const inspector = new Inspector(socket);
    await inspector.#post('HeapProfiler.enable');
    return inspector;
  }

  async close(): Promise<void> {
    const closed = once(this.#socket, 'close');
    this.#socket.close();
    await closed;
  }

  /** What JavaScript code in the program's global scope comes to. */
  async evaluate(expression: string): Promise<unknown> {
    const { result, exceptionDetails } = await this.#post('Runtime.evaluate', {
      expression,
      returnByValue: true,
    });
    if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails));
    return isRecord(result) ? result['value'] : undefined;
  }

  /** Frees all that nothing refers to. */
  async collectGarbage(): Promise<void> {
    // What finalizers and weak references held goes with the second.
    await this.#post('HeapProfiler.collectGarbage');
    await this.#post('HeapProfiler.collectGarbage');
  }

  /** What is used of the heap, and of the memory behind array buffers, in bytes. */
  async heapBytes(): Promise<number> {
    const { usedSize, backingStorageSize = 0 } = await this.#post('Runtime.getHeapUsage');
    return Number(usedSize) + Number(backingStorageSize);
  }

  /** A heap snapshot, in the form in which Chromium's tools save it. */
  async heapSnapshot(): Promise<string> {
    this.#chunks = [];
    await this.#post('HeapProfiler.takeHeapSnapshot');
    const text = this.#chunks.join('');
    this.#chunks = [];
    return text;
  }

  #post(method: string, params: object = {}): Promise<Readonly<Record<string, unknown>>> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
  }

  #take(text: string): void {
    const message = JSON.parse(text) as Readonly<Record<string, unknown>>;
    const { id, method, params, result, error } = message;
    if (method === 'HeapProfiler.addHeapSnapshotChunk' && isRecord(params)) {
      this.#chunks.push(String(params['chunk']));
    }
    if (typeof id !== 'number') return;
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve(isRecord(result) ? result : {});
    else waiting?.reject(new Error(JSON.stringify(error)));
  }
}
