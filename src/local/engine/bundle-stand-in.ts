import { createHash } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../spawner/spawner.js';

const root = join(import.meta.dirname, '..', '..', '..');

let made: Promise<string> | undefined;

/**
 * Bundles the stand-in engine into one JavaScript file, once per process: started through a compiler, each build would
 * take three times as long to start. The file is in `build/stand-in`, named after the hash of its content.
 *
 * @returns the file's path
 * @throws Error with the bundler's message
 */
export function bundleStandIn(): Promise<string> {
  made ??= bundle();
  return made;
}

async function bundle(): Promise<string> {
  const { code, stdout, stderr } = await runCommand({
    file: join(root, 'node_modules', '.bin', 'esbuild'),
    args: [
      join(import.meta.dirname, 'stand-in.ts'),
      '--bundle',
      '--platform=node',
      '--format=esm',
      '--target=node20',
      '--log-level=error',
      // Packages that are no ES modules ask for `require`.
      `--banner:js=import { createRequire } from 'node:module'; const require = createRequire('file://');`,
    ],
    env: { PATH: process.env.PATH ?? '' },
  });
  if (code !== 0) {
    throw new Error(`The stand-in build engine cannot be bundled: ${stderr.toString().trim()}`);
  }
  const folder = join(root, 'build', 'stand-in');
  const file = join(folder, `${createHash('sha256').update(stdout).digest('hex').slice(0, 16)}.mjs`);
  const scratch = `${file}.${process.pid}`;
  await mkdir(folder, { recursive: true });
  await writeFile(scratch, stdout);
  await rename(scratch, file);
  return file;
}
