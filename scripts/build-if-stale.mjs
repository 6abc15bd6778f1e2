import { spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Builds when there is no build, or when a source file is newer than the last one. */
export async function buildIfStale(root) {
  const stamp = join(root, 'dist', '.built');
  const sources = ['src', 'package.json', 'tsconfig.json', 'tsconfig.build.json'];
  const newest = Math.max(...sources.map((path) => newestTimeBelow(join(root, path))));
  if (existsSync(join(root, 'dist', 'main.js')) && timeOf(stamp) >= newest) return;
  console.log('Building…');
  const nest = join(root, 'node_modules', '@nestjs', 'cli', 'bin', 'nest.js');
  if (!existsSync(nest)) throw new Error('the build tools are not installed; run npm ci');
  const startedAt = new Date();
  const code = await exitCodeOf(process.execPath, [nest, 'build'], root);
  if (code !== 0) throw new Error(`the build failed (exit code ${code})`);
  writeFileSync(stamp, '');
  // What changed while it was built is not in the build.
  utimesSync(stamp, startedAt, startedAt);
}

function newestTimeBelow(path) {
  const { mtimeMs } = statSync(path);
  if (!statSync(path).isDirectory()) return mtimeMs;
  return Math.max(mtimeMs, ...readdirSync(path).map((name) => newestTimeBelow(join(path, name))));
}

function timeOf(path) {
  return existsSync(path) ? statSync(path).mtimeMs : 0;
}

function exitCodeOf(command, args, cwd) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: 'inherit' });
    child.once('error', reject);
    child.once('close', resolve);
  });
}
