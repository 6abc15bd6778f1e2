import { mkdir, mkdtemp, rename, rm, unlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isJsonObject, type Json } from './json.js';

interface Route {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

function routeOf(value: Json): Route {
  const given = isJsonObject(value) && 'body' in value ? value : { body: value };
  const { body = null } = given;
  const status = given['status'];
  const contentType = given['content_type'];
  return {
    status: typeof status === 'number' ? status : 200,
    contentType: typeof contentType === 'string' ? contentType : 'application/json',
    body: typeof body === 'string' ? body : JSON.stringify(body),
  };
}

/** The files and the HTTP routes that a case's discovery reads. */
export class CaseFixtures {
  readonly folder: string;
  readonly #routes = new Map<string, Route>();
  readonly #server: Server;

  private constructor(folder: string) {
    this.folder = folder;
    this.#server = createServer((request, response) => {
      const route = this.#routes.get(request.url ?? '') ?? {
        status: 404,
        contentType: 'text/plain',
        body: 'not found',
      };
      response.writeHead(route.status, { 'content-type': route.contentType }).end(route.body);
    });
  }

  static async start(): Promise<CaseFixtures> {
    const fixtures = new CaseFixtures(await mkdtemp(join(tmpdir(), 'conformance-case-')));
    await new Promise<void>((resolve) => fixtures.#server.listen(0, '127.0.0.1', resolve));
    return fixtures;
  }

  /** Host and port of the HTTP routes. */
  get address(): string {
    return `127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`;
  }

  setRoute(path: string, value: Json): void {
    this.#routes.set(path, routeOf(value));
  }

  /** Replaces the file in one go, as a careful writer does; `null` deletes it. */
  async setFile(name: string, content: string | null): Promise<string> {
    const path = join(this.folder, name);
    if (content === null) {
      await unlink(path);
      return path;
    }
    await mkdir(dirname(path), { recursive: true });
    await writeFile(`${path}.tmp~`, content);
    await rename(`${path}.tmp~`, path);
    return path;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    await rm(this.folder, { recursive: true, force: true });
  }
}
