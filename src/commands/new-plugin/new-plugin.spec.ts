import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { definitionKinds } from '../../plugin-api/index.js';
import { newPlugin } from './new-plugin.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'new-plugin-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('newPlugin', () => {
  it.each(definitionKinds)(
    'leaves nothing of the template in a package of the kind %s',
    async (kind) => {
      const { directory, files } = await newPlugin({
        name: '@team/zone-aware',
        kind,
        directory: join(folder, kind),
      });
      expect(files).toContain('.gitignore');
      for (const file of files) {
        const text = await readFile(join(directory, file), 'utf8');
        expect(text, file).not.toMatch(/my[-_]?name|my-package/i);
      }
      const manifest: unknown = JSON.parse(await readFile(join(directory, 'package.json'), 'utf8'));
      const definition = kind === 'discovery' ? 'zone_aware' : 'zone-aware';
      expect(manifest).toMatchObject({
        name: '@team/zone-aware',
        targetAllocator: { provides: [`${kind}/${definition}`] },
      });
    },
  );

  it('names what it is developed against', async () => {
    const allocator = 'file:../x.tgz';
    const plugin = { name: 'a', kind: 'filter', directory: join(folder, 'a'), allocator } as const;
    const { directory } = await newPlugin(plugin);
    const manifest: unknown = JSON.parse(await readFile(join(directory, 'package.json'), 'utf8'));
    expect(manifest).toMatchObject({ devDependencies: { 'target-allocator': allocator } });
  });

  it.each(['', 'Zone', '1st', 'a--b', 'a-', '../a', '@team/', 'a b'])(
    'refuses the name %j',
    async (name) => {
      await expect(newPlugin({ name, kind: 'filter' })).rejects.toThrow('TA_NEW_PLUGIN_NAME');
    },
  );

  it('refuses a folder with something in it, and a file', async () => {
    await writeFile(join(folder, 'file'), '');
    for (const directory of [folder, join(folder, 'file')]) {
      const plugin = { name: 'a', kind: 'filter', directory } as const;
      await expect(newPlugin(plugin)).rejects.toThrow('TA_NEW_PLUGIN_FOLDER');
    }
  });
});
