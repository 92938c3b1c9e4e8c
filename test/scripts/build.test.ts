import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from '@jest/globals';

const project = join(import.meta.dirname, '..', '..');
let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'ostack-build-'));
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

test('A build that fails shows what the compiler says, with file and line, and leaves dist as it was', async () => {
  const isStage = (path: string) => path.startsWith(join(project, 'src', 'local'));
  for (const name of ['src', 'scripts', 'package.json', 'tsconfig.json', 'tsconfig.build.json']) {
    await cp(join(project, name), join(root, name), { recursive: true, filter: (path) => !isStage(path) });
  }
  await mkdir(join(root, 'dist'));
  await writeFile(join(root, 'dist/index.js'), 'as it was');
  await mkdir(join(root, 'node_modules'));
  for (const name of (await readdir(join(project, 'node_modules'))).filter((name) => name !== '.cache')) {
    await symlink(join(project, 'node_modules', name), join(root, 'node_modules', name));
  }
  await appendFile(join(root, 'src/main.ts'), "const wrong: number = 'text';\n");
  const line = (await readFile(join(root, 'src/main.ts'), 'utf8')).split('\n').length - 1;

  const child = spawn(join(root, 'node_modules/.bin/tsx'), ['scripts/build.ts'], { cwd: root, stdio: 'pipe' });
  const [output, [code]] = await Promise.all([text(child.stderr), once(child, 'close')]);

  expect(output).toContain(`src/main.ts(${line},7): error TS2322: Type 'string' is not assignable to type 'number'.`);
  expect(output).toMatch(/tsc failed, so dist is as it was\.\n$/);
  expect(output).not.toContain('Command failed');
  expect(code).toBe(1);
  expect(await readFile(join(root, 'dist/index.js'), 'utf8')).toBe('as it was');
}, 120_000);
