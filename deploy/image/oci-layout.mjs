// Writes an image as registries and engines exchange it.
// https://github.com/opencontainers/image-spec/blob/v1.1.0/image-layout.md

import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

const mediaType = (kind) => `application/vnd.oci.image.${kind}`;
const sha256 = (bytes) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/**
 * @param {string} folder Where it is put.
 * @param {readonly string[]} layers Files, .tar.gz, the lowest first.
 * @param {object} config The image's `config`.
 */
export async function writeOciLayout(folder, layers, config) {
  const blobs = join(folder, 'blobs', 'sha256');
  await mkdir(blobs, { recursive: true });
  const put = async (kind, bytes) => {
    const digest = sha256(bytes);
    await writeFile(join(blobs, digest.slice(7)), bytes);
    return { mediaType: mediaType(kind), digest, size: bytes.length };
  };
  const putJson = (kind, value) => put(kind, Buffer.from(JSON.stringify(value)));

  const described = [];
  const diffIds = [];
  for (const layer of layers) {
    const bytes = await readFile(layer);
    const digest = sha256(bytes);
    await copyFile(layer, join(blobs, digest.slice(7)));
    described.push({ mediaType: mediaType('layer.v1.tar+gzip'), digest, size: bytes.length });
    diffIds.push(sha256(gunzipSync(bytes)));
  }
  const image = await putJson('config.v1+json', {
    architecture: process.arch === 'x64' ? 'amd64' : process.arch,
    os: 'linux',
    config,
    rootfs: { type: 'layers', diff_ids: diffIds },
  });
  const manifest = await putJson('manifest.v1+json', {
    schemaVersion: 2,
    mediaType: mediaType('manifest.v1+json'),
    config: image,
    layers: described,
  });
  const annotations = { 'org.opencontainers.image.ref.name': 'latest' };
  const index = { schemaVersion: 2, manifests: [{ ...manifest, annotations }] };
  await writeFile(join(folder, 'index.json'), JSON.stringify(index));
  await writeFile(join(folder, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
}
