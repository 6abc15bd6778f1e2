import type { ServerResponse } from 'node:http';

const AT_ONCE = 50_000;

/** Answers with one group of so many targets without labels, made while they are sent. */
export function sendAddresses(
  response: ServerResponse,
  targets: number,
  onSent: (bytes: number) => void = () => undefined,
): void {
  response.writeHead(200, { 'content-type': 'application/json' }).write('[{"targets":[');
  let next = 0;
  const more = (): void => {
    while (response.writable && next < targets) {
      const end = Math.min(next + AT_ONCE, targets);
      const block = Buffer.from(addresses(next, end) + (end < targets ? ',' : ']}]'));
      next = end;
      onSent(block.length);
      if (!response.write(block)) return;
    }
    if (response.writable) response.end();
  };
  response.on('drain', more);
  more();
}

function addresses(start: number, end: number): string {
  const list = Array.from({ length: end - start }, (_, i) => {
    const [a, b, c, d] = [24, 16, 8, 0].map((shift) => ((start + i) >> shift) & 255);
    return `"10.${String(b)}.${String(c)}.${String(d)}:${String(a)}"`;
  });
  return list.join();
}
