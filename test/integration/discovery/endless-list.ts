import type { ServerResponse } from 'node:http';

/** Answers with a list of target groups that never ends, as fast as it is read: an address of the letter a. */
export function sendEndlessList(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' }).write('[{"targets":["');
  const block = Buffer.alloc(1024 * 1024, 0x61);
  const more = (): void => {
    while (response.writable && response.write(block)) continue;
  };
  response.on('drain', more);
  more();
}
