import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '../../../../test/fixtures/eventually.js';
import { testContext, type TestContext } from '../../../../test/fixtures/plugin-context.js';
import type { TargetGroup } from '../../../plugin-api/index.js';
import { MAX_TARGETS } from '../target-groups/target-budget.js';
import { fileDiscovery } from './file-discovery.js';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

const list = (...addresses: string[]): string =>
  JSON.stringify([{ targets: addresses, labels: { team: 'a' } }]);

/** The discovery on a real folder, with what a consumer would hold of it. */
class Running {
  readonly folder = mkdtempSync(join(tmpdir(), 'file-sd-'));
  readonly context: TestContext = testContext();
  readonly groups = new Map<string, TargetGroup>();
  emissions = 0;
  #isDone: Promise<void> | undefined;
  readonly #stop = new AbortController();

  start(...patterns: string[]): this {
    const files = patterns.map((pattern) => join(this.folder, pattern));
    const source = fileDiscovery.create({ files, refresh_interval: '5m' }, this.context);
    this.#isDone = source.run((groups) => {
      this.emissions += 1;
      for (const group of groups) {
        if (group.targets.length === 0) this.groups.delete(group.source);
        else this.groups.set(group.source, group);
      }
    }, this.#stop.signal);
    stops.push(async () => {
      this.#stop.abort();
      await this.#isDone;
      rmSync(this.folder, { recursive: true });
    });
    return this;
  }

  write(name: string, text: string): void {
    // As programs should: at once, by a rename.
    writeFileSync(join(this.folder, `${name}.tmp`), text);
    renameSync(join(this.folder, `${name}.tmp`), join(this.folder, name));
  }

  /** Every target, by the name of its file and place. */
  held(): Readonly<Record<string, readonly (string | undefined)[]>> {
    return Object.fromEntries(
      [...this.groups].map(([source, { targets }]) => [
        source.slice(this.folder.length + 1),
        targets.map((target) => target['__address__']),
      ]),
    );
  }

  /** Lets the folder's notifications arrive; the clock does not move but for the settling. */
  async becomes(expected: Readonly<Record<string, readonly string[]>>): Promise<void> {
    await eventually(
      JSON.stringify(expected),
      async () => {
        await this.context.clock.advance(50);
        expect(this.held()).toEqual(expected);
        return true;
      },
      { everyMs: 5 },
    );
  }

  errors(): readonly unknown[] {
    return this.context.logger.lines.flatMap((l) =>
      l.level === 'error' ? [l.fields['path']] : [],
    );
  }
}

describe('file discovery', () => {
  it('reads JSON and YAML files by pattern, and says where targets come from', async () => {
    const run = new Running();
    run.write('a.json', list('a:1', 'a:2'));
    run.write('b.yml', '- targets: [b:1]\n- targets: [b:2]\n');
    run.write('c.txt', 'not read');
    run.start('*.json', '*.yml');
    await run.becomes({ 'a.json:0': ['a:1', 'a:2'], 'b.yml:0': ['b:1'], 'b.yml:1': ['b:2'] });
    const group = run.groups.get(join(run.folder, 'a.json:0'));
    expect(group?.labels['__meta_filepath']).toBe(join(run.folder, 'a.json'));
    expect(run.emissions).toBe(1);
  });

  it('says that there is nothing when there are no files', async () => {
    const run = new Running().start('*.json');
    await eventually('an answer', () => (run.emissions === 1 ? true : undefined), { everyMs: 5 });
    expect(run.held()).toEqual({});
  });

  it('sees changed, added and deleted files at once, and groups that are gone', async () => {
    const run = new Running();
    run.write('a.json', '[{"targets":["a:1"]},{"targets":["a:2"]}]');
    run.start('*.json');
    await run.becomes({ 'a.json:0': ['a:1'], 'a.json:1': ['a:2'] });
    run.write('a.json', '[{"targets":["a:3"]}]');
    await run.becomes({ 'a.json:0': ['a:3'] });
    run.write('b.json', list('b:1'));
    await run.becomes({ 'a.json:0': ['a:3'], 'b.json:0': ['b:1'] });
    rmSync(join(run.folder, 'a.json'));
    await run.becomes({ 'b.json:0': ['b:1'] });
  });

  it('keeps the last good groups of a file that breaks, and says so once', async () => {
    const run = new Running();
    run.write('a.json', list('a:1'));
    run.write('b.yml', '- targets: [b:1]\n');
    run.start('*.json', '*.yml');
    await run.becomes({ 'a.json:0': ['a:1'], 'b.yml:0': ['b:1'] });
    run.write('b.yml', '- targets: [b:1\n  labels: oops');
    run.write('a.json', list('a:2'));
    await run.becomes({ 'a.json:0': ['a:2'], 'b.yml:0': ['b:1'] });
    await run.context.clock.advance(300_000);
    run.write('a.json', list('a:3'));
    await run.becomes({ 'a.json:0': ['a:3'], 'b.yml:0': ['b:1'] });
    expect(run.errors()).toEqual([join(run.folder, 'b.yml')]);
    const [errors = 0] = Object.values(
      run.context.meter.series('prometheus_sd_file_read_errors_total'),
    );
    expect(errors).toBeGreaterThan(1);
    run.write('b.yml', '- targets: [b:2]\n');
    await run.becomes({ 'a.json:0': ['a:3'], 'b.yml:0': ['b:2'] });
  });

  it('keeps the last good groups of a file that has become too long a list', async () => {
    const run = new Running();
    run.write('a.json', list('a:1'));
    run.start('*.json');
    await run.becomes({ 'a.json:0': ['a:1'] });
    run.write('a.json', `[{}${',{}'.repeat(MAX_TARGETS)}]`);
    run.write('b.json', list('b:1'));
    await run.becomes({ 'a.json:0': ['a:1'], 'b.json:0': ['b:1'] });
    expect(run.errors()).toEqual([join(run.folder, 'a.json')]);
    expect(run.context.logger.lines.at(-1)?.fields['error']).toContain('TA_TARGET_LIST_TOO_LONG');
    const errors = run.context.meter.series('prometheus_sd_file_read_errors_total');
    expect(Object.values(errors)[0]).toBeGreaterThan(0);
  });

  it('waits a little for a file that is broken at the start, so as not to forget its targets', async () => {
    const run = new Running();
    run.write('a.json', list('a:1'));
    writeFileSync(join(run.folder, 'b.json'), '[{"targets":["b:');
    run.start('*.json');
    await eventually('the file was tried', () => run.errors()[0]);
    await run.context.clock.advance(4_000);
    expect(run.emissions).toBe(0);
    writeFileSync(join(run.folder, 'b.json'), list('b:1'));
    await run.becomes({ 'a.json:0': ['a:1'], 'b.json:0': ['b:1'] });
    expect(run.emissions).toBe(1);
  });

  it('does not wait for it for ever', async () => {
    const run = new Running();
    run.write('a.json', list('a:1'));
    run.write('b.json', 'never right');
    run.start('*.json');
    await eventually('the file was tried', () => run.errors()[0]);
    await eventually(
      'the good file',
      async () => {
        await run.context.clock.advance(250);
        return run.emissions === 1 ? true : undefined;
      },
      { everyMs: 5 },
    );
    expect(run.held()).toEqual({ 'a.json:0': ['a:1'] });
    expect(run.context.clock.monotonicMs()).toBeGreaterThanOrEqual(5_000);
  });

  it("sees that a ConfigMap's link is swapped", async () => {
    const run = new Running();
    const version = (name: string, text: string): void => {
      mkdirSync(join(run.folder, name));
      writeFileSync(join(run.folder, name, 'a.json'), text);
    };
    version('..v1', list('a:1'));
    symlinkSync('..v1', join(run.folder, '..data'));
    symlinkSync('..data/a.json', join(run.folder, 'a.json'));
    run.start('a.json');
    await run.becomes({ 'a.json:0': ['a:1'] });
    for (const n of [2, 3]) {
      version(`..v${String(n)}`, list(`a:${String(n)}`));
      symlinkSync(`..v${String(n)}`, join(run.folder, '..data_tmp'));
      renameSync(join(run.folder, '..data_tmp'), join(run.folder, '..data'));
      rmSync(join(run.folder, `..v${String(n - 1)}`), { recursive: true });
      await run.becomes({ 'a.json:0': [`a:${String(n)}`] });
    }
  });

  it('finds a folder that appears later, and one that was replaced', async () => {
    const run = new Running().start('later/*.json');
    await run.becomes({});
    for (const n of ['1', '2']) {
      rmSync(join(run.folder, 'later'), { recursive: true, force: true });
      mkdirSync(join(run.folder, 'later'));
      writeFileSync(join(run.folder, 'later', 'a.json'), list(`a:${n}`));
      await eventually(
        `targets ${n}`,
        async () => {
          await run.context.clock.advance(10_000);
          expect(run.held()).toEqual({ 'later/a.json:0': [`a:${n}`] });
          return true;
        },
        { everyMs: 5 },
      );
    }
  });

  it('shows the times of its files as long as it runs', async () => {
    const run = new Running();
    run.write('a.json', list('a:1'));
    run.start('*.json');
    await run.becomes({ 'a.json:0': ['a:1'] });
    const times = (): readonly string[] =>
      Object.keys(run.context.meter.series('prometheus_sd_file_mtime_seconds'));
    expect(times()).toEqual([JSON.stringify({ filename: join(run.folder, 'a.json') })]);
    for (const stop of stops.splice(0)) await stop();
    expect(times()).toEqual([]);
  });
});
