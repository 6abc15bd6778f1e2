// The least that an HTTP server on Node can cost: answers of one size, known before, and 304 to whoever has one. Takes the
// flags of an allocator, of which it reads --listen-addr.
import { createServer } from 'node:http';

const [hostname, port] = process.argv[process.argv.indexOf('--listen-addr') + 1].split(':');
const etag = '"bare"';
const body = Buffer.from(JSON.stringify([{ targets: [], labels: { text: 'x'.repeat(1_000) } }]));

createServer((request, response) => {
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304, { ETag: etag }).end();
    return;
  }
  const headers = { ETag: etag, 'Content-Type': 'application/json', 'Content-Length': body.length };
  response.writeHead(200, headers).end(body);
}).listen(Number(port), hostname);
