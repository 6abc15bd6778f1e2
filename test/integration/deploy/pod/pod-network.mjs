// The network of one pod: runs a command in a network that has nothing but a loopback, so that a container may have the
// ports that its manifest says, whatever listens on this machine. Sockets in the file system lead in and out.
//
//   node pod-network.mjs <settings.json> -- command
//
// The settings are { control, bridges: [{ listen, connect }] }. Both ends of a bridge are a port of the pod or the path of a
// socket. When the connection to `control` ends, so does the command.

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';

/** Longer than an allocator takes that answers for a while after it was told to end. */
const graceMs = 20_000;

const [file = '', , program = '', ...args] = process.argv.slice(2);
const { bridges, control } = JSON.parse(readFileSync(file, 'utf8'));

const endpoint = (at) => (typeof at === 'number' ? { host: '127.0.0.1', port: at } : { path: at });
const listen = (at, onConnection) =>
  new Promise((listening) => createServer(onConnection).listen(endpoint(at), listening));

for (const bridge of bridges) {
  await listen(bridge.listen, (near) => {
    const far = connect(endpoint(bridge.connect));
    near.pipe(far).pipe(near);
    near.on('error', () => far.destroy());
    far.on('error', () => near.destroy());
  });
}

const child = spawn(program, args, { stdio: 'inherit' });
child.once('exit', (code) => process.exit(code ?? 1));
await listen(control, (connection) => {
  connection.on('error', () => connection.destroy());
  connection.resume().once('close', () => {
    child.kill('SIGTERM');
    setTimeout(() => child.kill('SIGKILL'), graceMs);
  });
});
