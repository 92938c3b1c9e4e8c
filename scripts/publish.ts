/**
 * `npm run publish:tree -- --version 1.2.3 [--dry-run] [--push | --out FOLDER]`
 *
 * Commits the published tree, tags it `v1.2.3`, and moves `v1.2` and `v1`. Without `--push` everything stays local. With
 * `--out` nothing is tagged: the folder gets what `.ci/push-published` pushes.
 */
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { publishedTree } from '../src/local/published-tree.js';
import { handOver } from './publish/hand-over.js';
import { plainGit, publish } from './publish/publish.js';

const root = join(import.meta.dirname, '..');

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      version: { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
      push: { type: 'boolean', default: false },
      out: { type: 'string' },
    },
  });
  const tree = await publishedTree(root);
  const bytes = [...tree.values()].reduce((sum, { content }) => sum + content.length, 0);
  console.log(`The published tree: ${tree.size} files, ${(bytes / 1024).toFixed(0)} KiB`);
  if (values['dry-run'] || values.version === undefined) {
    for (const [path, { content }] of tree) {
      console.log(`${String(content.length).padStart(9)}  ${path}`);
    }
  }
  if (values.version === undefined) {
    console.log('Give --version 1.2.3 to commit and tag it.');
    return;
  }
  const git = plainGit(root);
  const isHandedOver = values.out !== undefined;
  const result = await publish({
    ...{ git, tree, version: values.version },
    remote: isHandedOver || (values.push && !values['dry-run']) ? 'origin' : '.',
    dryRun: values['dry-run'] || isHandedOver,
  });
  if (values.out !== undefined && !values['dry-run']) {
    await handOver(git, result, resolve(values.out));
  }
  for (const [tag, was] of result.tags) {
    console.log(
      `${values['dry-run'] || isHandedOver ? 'would set ' : ''}${tag} -> ${result.commit}${was === undefined ? '' : ` (was ${was})`}`,
    );
  }
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
