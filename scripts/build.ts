/**
 * Builds `dist`: one minified bundle of every action (`index.js`) and a two-line entry for each of them.
 * Everything is made beside `dist` and moved in at the end, so a failed build never leaves half a `dist`.
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..');

async function build(): Promise<void> {
  await mkdir(join(root, 'build'), { recursive: true });
  const work = await mkdtemp(join(root, 'build', 'dist-'));
  try {
    const bin = (name: string) => join(root, 'node_modules', '.bin', name);
    await run(bin('tsc'), ['--project', 'tsconfig.build.json', '--outDir', join(work, 'js')], { cwd: root });
    await writeFile(join(work, 'js', 'package.json'), '{ "type": "module" }\n');
    const staged = join(work, 'dist');
    await run(bin('ncc'), ['build', join(work, 'js', 'main.js'), '--out', staged, '--minify', '--quiet'], {
      cwd: root,
    });
    for (const name of await readdir(join(root, 'src', 'actions'))) {
      await writeFile(join(staged, `${name}.js`), `import { start } from './index.js';\nawait start('${name}');\n`);
    }
    await rm(join(root, 'dist'), { recursive: true, force: true });
    await rename(staged, join(root, 'dist'));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

await build();
