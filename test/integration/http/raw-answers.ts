import { connect } from 'node:net';

export interface Answer {
  readonly status: number;
  /** By name in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  /** `undefined`: an answer without one, to HEAD or by its status. */
  readonly body: Buffer | undefined;
}

/** After so long without a byte the client is done. */
const QUIET_MS = 250;
const NO_ANSWER_MS = 20_000;
const statusLineStart = Buffer.from('HTTP/1.1 ');

/** Writes what is given on a connection of its own. @returns All that comes back until the end. */
export function converse(port: number, parts: readonly Buffer[]): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const received: Buffer[] = [];
    // The end is only announced when nothing comes any more: a server may drop what is under way when it sees it.
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    const quiet = setTimeout(() => socket.end(), QUIET_MS);
    const hanging = setTimeout(() => {
      socket.destroy();
      reject(new Error(`the connection is still open after ${String(NO_ANSWER_MS)} ms`));
    }, NO_ANSWER_MS);
    socket.on('connect', () => {
      for (const part of parts) socket.write(part);
    });
    socket.on('data', (data) => {
      received.push(data);
      quiet.refresh();
    });
    // A reset is an end as well: the server may close while this still writes.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(quiet);
      clearTimeout(hanging);
      resolve(Buffer.concat(received));
    });
  });
}

/**
 * Reads answers as strictly as a proxy between would.
 *
 * @param methods Of the requests in their order; an answer to HEAD has no body.
 * @throws Error when there is anything but whole answers.
 */
export function readAnswers(wire: Buffer, methods: readonly string[]): readonly Answer[] {
  const answers: Answer[] = [];
  let rest = wire;
  while (rest.length > 0) {
    const end = rest.indexOf('\r\n\r\n');
    if (end === -1) throw new Error(`no end of headers: ${shown(rest)}`);
    const [status, headers] = readHead(rest.subarray(0, end).toString('latin1'));
    rest = rest.subarray(end + 4);
    if (status < 200) continue;
    const hasNone = isWithoutBody(methods[answers.length], status, headers, rest);
    const length = hasNone ? 0 : lengthOf(headers);
    if (rest.length < length) throw new Error(`cut off after ${shown(rest)}`);
    answers.push({ status, headers, body: hasNone ? undefined : rest.subarray(0, length) });
    rest = rest.subarray(length);
  }
  return answers;
}

function isWithoutBody(
  method: string | undefined,
  status: number,
  headers: ReadonlyMap<string, string>,
  rest: Buffer,
): boolean {
  if (status === 204 || status === 304) return true;
  if (method !== 'HEAD') return false;
  // What is refused before it is a request is answered with a body, and the connection ends.
  const isLast = rest.length > 0 && !rest.subarray(0, 9).equals(statusLineStart);
  return !(status >= 400 && headers.get('connection') === 'close' && isLast);
}

function readHead(head: string): [number, ReadonlyMap<string, string>] {
  const [first = '', ...lines] = head.split('\r\n');
  const status = /^HTTP\/1\.1 ([1-5]\d\d) [\x20-\x7e]*$/.exec(first)?.[1];
  if (status === undefined) throw new Error(`no status line: ${shown(Buffer.from(first))}`);
  const headers = new Map<string, string>();
  for (const line of lines) {
    const [, name, value] = /^([\w-]+): ([\x20-\x7e]*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) throw new Error(`no header: ${line}`);
    headers.set(name.toLowerCase(), value);
  }
  return [Number(status), headers];
}

function lengthOf(headers: ReadonlyMap<string, string>): number {
  const length = headers.get('content-length') ?? '';
  if (!/^\d+$/.test(length) || headers.has('transfer-encoding')) {
    throw new Error(`no length: ${JSON.stringify([...headers])}`);
  }
  return Number(length);
}

function shown(bytes: Buffer): string {
  return JSON.stringify(bytes.subarray(0, 200).toString('latin1'));
}
