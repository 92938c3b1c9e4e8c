import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { graphOf, installedNx } from '../../../src/apps/dependencies/installed-nx.js';
import { loadApps } from '../../../src/apps/discover.js';

const node = (root: string) => ({ name: 'x', type: 'lib', data: { root, sourceRoot: `${root}/src` } });
const needs = (...targets: string[]) => targets.map((target) => ({ source: 'x', target, type: 'static' }));
const GRAPH = JSON.stringify({
  graph: {
    nodes: { web: node('apps/web'), ui: node('libs/ui'), theme: node('libs/theme'), out: node('../out') },
    dependencies: {
      web: needs('ui', 'npm:react', 'out', 'gone'),
      ui: needs('theme'),
      theme: needs('ui'),
      gone: needs(),
    },
  },
});

/** A checkout with an Nx that does this, written in shell. */
async function checkout(script: string) {
  const root = await mkdtemp(join(tmpdir(), 'ostack-nx-test-'));
  const nx = join(root, 'node_modules', '.bin', 'nx');
  await mkdir(join(nx, '..'), { recursive: true });
  await mkdir(join(root, 'apps', 'web'), { recursive: true });
  await writeFile(join(root, 'nx.json'), '{}');
  await writeFile(nx, `#!/bin/sh\nout="\${2#--file=}"\n${script}\n`);
  await chmod(nx, 0o755);
  const [warnings, told]: [string[], string[]] = [[], []];
  return {
    root,
    warnings,
    told,
    read: () => installedNx(root, { warn: (text) => warnings.push(text), tell: (text) => told.push(text) }),
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
}

describe('an Nx that is installed', () => {
  test('tells what apps depend on, also by imports alone', async () => {
    await using nx = await checkout(`test "$1" = graph && cat > "$out" <<'END'\n${GRAPH}\nEND`);
    const { apps } = await loadApps(nx.root, 'acme/shop', await nx.read());
    expect(apps).toMatchObject([{ name: 'web', dependencies: ['libs/theme', 'libs/ui'] }]);
    expect(nx.warnings).toEqual([]);
  });

  test('gets nothing that is secret', async () => {
    process.env['INPUT_GITHUB-TOKEN'] = 'secret-1';
    process.env.MY_TOKEN = 'secret-2';
    try {
      await using nx = await checkout('case "$(env)" in *secret-*) exit 1 ;; esac; echo "{}" > "$out"');
      await nx.read();
      expect(nx.warnings).toEqual([expect.stringContaining('its file has no project graph')]);
    } finally {
      delete process.env['INPUT_GITHUB-TOKEN'];
      delete process.env.MY_TOKEN;
    }
  });

  test.each([
    ['fails', 'exit 1'],
    ['writes nothing', 'true'],
    ['writes something else', 'echo "[]" > "$out"'],
  ])('and %s is told of, and the files are read', async (_name, script) => {
    await using nx = await checkout(script);
    expect(await nx.read()).toEqual([]);
    expect(nx.warnings).toEqual([expect.stringMatching(/^Nx is installed here, but "nx graph" does not work: /)]);
  });

  test('and used, but not here, is told of', async () => {
    await using nx = await checkout('exit 1');
    await rm(join(nx.root, 'node_modules'), { recursive: true });
    expect(await nx.read()).toEqual([]);
    expect(nx.told).toEqual([
      expect.stringMatching(/^Nx is used here and not installed in this checkout: .* not seen: name it under "shared"/),
    ]);
    expect(nx.warnings).toEqual([]);
  });

  test('and not used is not asked', async () => {
    await using nx = await checkout('exit 1');
    await rm(join(nx.root, 'nx.json'));
    expect(await nx.read()).toEqual([]);
    expect([...nx.warnings, ...nx.told]).toEqual([]);
  });
});

test('a graph with a root project, and names like those of objects', async () => {
  const nodes = { all: node('.'), constructor: node('libs/a'), web: node('apps/web') };
  const dependencies = { web: needs('constructor', 'all', 'toString'), all: needs('web') };
  const graph = graphOf(JSON.stringify({ graph: { nodes, dependencies } }));
  expect((await graph.needs('apps/web')).runtime).toContain('.');
  expect(await graph.below('apps')).toEqual(['apps/web']);
});
