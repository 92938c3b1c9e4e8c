/**
 * How long it takes to build every overlay of an ops repository on both sides of a change of all bases, as `check-ops` does.
 *
 *     npm run bench:render -- [--apps 50]
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { affectedRoots } from '../../src/ops/judgement/roots.js';
import { locateOverlays } from '../../src/ops/layouts/locate-overlays.js';
import { NO_POLICY } from '../../src/ops/policy/policy.js';
import { findKustomize } from '../../src/ops/render/run-kustomize.js';
import { workTree } from '../../src/ops/tree/work-tree.js';
import type { Side } from '../../src/ops/verbs/check/comparison.js';
import { renderRoots } from '../../src/ops/verbs/check/render-roots.js';
import { opsFiles } from './repository.js';

const run = promisify(execFile);

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { apps: { type: 'string', default: '50' } } });
  const kustomize = await findKustomize();
  if (kustomize === undefined) {
    throw new Error('There is neither kustomize nor kubectl on the PATH.');
  }
  const scratch = await mkdtemp(join(tmpdir(), 'ostack-bench-'));
  try {
    const files = opsFiles(Number(values.apps));
    const other = Object.fromEntries(
      Object.entries(files).map(([path, text]) => [path, text.replace('replicas: 2', 'replicas: 3')]),
    );
    const [base, head] = [await write(join(scratch, 'base'), files), await write(join(scratch, 'head'), other)];
    const changed = new Set(Object.keys(files).filter((path) => files[path] !== other[path]));
    const comparison = { base, head, changed };
    await mkdir(join(scratch, 'remotes'));
    await run(kustomize.command, [...kustomize.args, join(base.root, 'overlays/staging/app-0')]);
    const [start, before] = [performance.now(), await childrensTime()];
    const layout = await locateOverlays(head.tree, NO_POLICY);
    const { roots } = await affectedRoots(comparison, layout);
    const found = performance.now();
    const { rendered } = await renderRoots(kustomize, comparison, layout, roots, join(scratch, 'remotes'));
    const [end, spent] = [performance.now(), (await childrensTime()) - before];
    const objects = rendered.flatMap(({ groups = [] }) => groups).reduce((sum, { changes }) => sum + changes.length, 0);
    process.stdout.write(
      `${roots.length} overlays found in ${((found - start) / 1000).toFixed(1)} s, built on both sides and compared in ` +
        `${((end - found) / 1000).toFixed(1)} s with ${kustomize.command} on ${availableParallelism()} processors (${spent.toFixed(1)} s of processor time): ` +
        `${objects} objects differ.\n`,
    );
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Seconds of processor time of all processes that were started and have ended; 0 where the machine does not tell. */
async function childrensTime(): Promise<number> {
  const stat = await readFile('/proc/self/stat', 'utf8').catch(() => '');
  // After the name in parentheses; user and system time in hundredths: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
  const [user = '0', system = '0'] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(13, 15);
  return (Number(user) + Number(system)) / 100;
}

async function write(root: string, files: Record<string, string>): Promise<Side> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return { oid: '', root, tree: workTree(root), paths: Object.keys(files) };
}

await main();
