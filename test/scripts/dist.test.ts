import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { alone } from '../../scripts/dist/lock.js';
import { reaches } from '../../scripts/dist/reach.js';
import { readStamp, takeStamp, whyStale, writeStamp } from '../../scripts/dist/stamp.js';

const project = join(import.meta.dirname, '..', '..');
let root: string;

async function write(files: Record<string, string>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
}

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'ostack-dist-'));
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

describe('dist is stale', () => {
  const files = {
    'src/main.ts': 'one',
    'src/ops/holds.ts': 'two',
    'src/local/stage.ts': 'not in a bundle',
    'package-lock.json': '{}',
    'scripts/build.ts': 'three',
    'scripts/docs.ts': 'not in a bundle',
    'dist/index.js': 'made of one and two',
  };

  beforeEach(async () => {
    await write(files);
    await writeStamp(root, await takeStamp(root));
  });

  const why = async () => whyStale(await readStamp(root), await takeStamp(root));

  test('never while nothing changed', async () => {
    expect(await why()).toBeUndefined();
  });

  test.each([
    'src/main.ts',
    'src/ops/holds.ts',
    'src/ops/new.ts',
    'package-lock.json',
    'tsconfig.json',
    'tsconfig.build.json',
    'scripts/build.ts',
    'scripts/dist/tool.ts',
    'scripts/schemas.ts',
    'scripts/stubs/undici/index.js',
  ])('once %s is edited', async (path) => {
    await write({ [path]: 'edited' });
    expect(await why()).toBe(`${path} changed since it was built`);
  });

  test('once a source is removed, and no more once it is back', async () => {
    await rm(join(root, 'src/ops/holds.ts'));
    expect(await why()).toBe('src/ops/holds.ts changed since it was built');
    await write({ 'src/ops/holds.ts': files['src/ops/holds.ts'] });
    expect(await why()).toBeUndefined();
  });

  test('once it is edited by hand or checked out from elsewhere, though the sources are as they were', async () => {
    await write({ 'dist/index.js': 'another', 'dist/more.js': 'more' });
    expect(await why()).toBe('dist/index.js and 1 more changed since it was built');
  });

  test('once it is gone', async () => {
    await rm(join(root, 'dist'), { recursive: true });
    expect(await why()).toBe('dist/index.js changed since it was built');
  });

  test.each(['src/local/stage.ts', 'scripts/docs.ts', 'test/a.test.ts'])('not for %s', async (path) => {
    await write({ [path]: 'edited' });
    expect(await why()).toBeUndefined();
  });

  test.each(['{', '{}', '{ "inputs": 1, "dist": {} }'])('when what the last build left is %s', async (content) => {
    await write({ 'node_modules/.cache/ostack/dist.json': content });
    expect(await why()).toBe('nothing tells what it was made from');
  });
});

describe('Tests need dist', () => {
  const files = {
    'src/main.ts': "const actions = { a: () => import('./a.js') };",
    'src/a.ts': '',
    'test/run.ts': "export type Bundled = typeof import('../src/main.js');",
    'test/helper.ts': "import { a } from '../src/a.js';\nexport * from './run.js';\nimport './plain.js';",
    'test/bundle.test.ts': "import {\n  runAction,\n} from './helper.js';",
    'test/unit.test.ts': "import { a } from '../src/a.js';\nimport { join } from 'node:path';",
  };

  test.each([
    [['test/bundle.test.ts'], true],
    [['test/unit.test.ts'], false],
    [['test/unit.test.ts', 'test/bundle.test.ts'], true],
    [[], false],
  ])('%j: %s', async (tests, expected) => {
    await write(files);
    const paths = tests.map((path) => join(root, path));
    expect(await reaches(paths, join(root, 'src/main.ts'))).toBe(expected);
  });

  test.each([
    ['test/actions/promote/promote.test.ts', true],
    ['test/workflows/release.test.ts', true],
    ['test/scenarios/fork.test.ts', true],
    ['test/local/cli.test.ts', true],
    ['test/torture/killed/promote.test.ts', true],
    ['test/torture/privilege/missing.test.ts', true],
    ['test/report/cut.test.ts', false],
    ['test/github/context.test.ts', false],
  ])('%s: %s', async (path, expected) => {
    expect(await reaches([join(project, path)], join(project, 'src/main.ts'))).toBe(expected);
  });
});

describe('Two that build at once', () => {
  test('take turns', async () => {
    const lock = join(root, 'cache', 'lock');
    const seen: string[] = [];
    const work = (name: string) =>
      alone(lock, async () => {
        seen.push(`${name} starts`);
        await wait(50);
        seen.push(`${name} ends`);
      });
    await Promise.all([work('one'), work('other')]);
    const first = seen[0]?.startsWith('one') ? ['one', 'other'] : ['other', 'one'];
    expect(seen).toEqual(first.flatMap((name) => [`${name} starts`, `${name} ends`]));
    expect(await readdir(dirname(lock))).toEqual([]);
  });

  test('do not wait for one that was killed', async () => {
    const dead = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
    await once(dead, 'close');
    await write({ lock: String(dead.pid) });
    expect(await alone(join(root, 'lock'), async () => 'done')).toBe('done');
  });

  test('let the other work after a failure', async () => {
    const lock = join(root, 'lock');
    const failing = alone(lock, async () => {
      throw new Error('cannot');
    });
    await expect(failing).rejects.toThrow('cannot');
    expect(await alone(lock, async () => 'done')).toBe('done');
  });
});
