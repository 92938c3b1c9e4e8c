/** Publishes the project of the working directory as the version of the argument: for tests of rebuilding. */
import { plainGit, publish } from '../../scripts/publish/publish.js';
import { publishedTree } from '../../src/local/published-tree.js';

const folder = process.cwd();
const [, , version = ''] = process.argv;
// What was built again is compared, whether it is committed or not.
const git = plainGit(folder);
await publish({
  git: async (args, env) => (args[0] === 'status' ? '' : git(args, env)),
  ...{ tree: await publishedTree(folder), version, remote: '.', dryRun: false },
});
