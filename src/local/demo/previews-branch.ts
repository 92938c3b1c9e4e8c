import { parseTree } from '../github/git/tree.js';
import type { LocalRepository } from '../stage.js';
import type { Terminal } from './terminal.js';

const BRANCH = 'ostack/previews';
const FOLDER = 'previews';

/** Prints the branch that previews are on: what it is made of, its commits, and that none of them is on the deployed branch. */
export async function showPreviewsBranch(terminal: Terminal, ops: LocalRepository): Promise<void> {
  const [commits, deployed] = await Promise.all([ops.log(BRANCH), ops.log(ops.defaultBranch)]);
  const shared = commits.filter(({ sha }) => deployed.some((each) => each.sha === sha)).length;
  const root = await namesIn(ops, `${BRANCH}:`);
  const own = await namesIn(ops, `${BRANCH}:${FOLDER}`);
  terminal.line(`    ${terminal.paint('cyan', `the branch ${BRANCH} of ${ops.name}`)}`);
  const line = (text: string) => terminal.line(`    ${terminal.paint('dim', '│')} ${text}`);
  line(`${root.filter((name) => name !== FOLDER).join(', ')}, as ${ops.defaultBranch} has them`);
  line(`${FOLDER}: ${own.join(', ')}`);
  for (const { sha, message } of commits.slice(0, 3)) {
    line(`${terminal.paint('yellow', sha.slice(0, 7))} ${message.split('\n')[0] ?? ''}`);
  }
  line(
    terminal.paint(
      'dim',
      `${commits.length === 1 ? '1 commit' : `${commits.length} commits`}, ${shared} of them in the history of ${ops.defaultBranch}`,
    ),
  );
}

async function namesIn({ git }: LocalRepository, place: string): Promise<string[]> {
  const tree = await git.objects.read(place);
  return tree?.type === 'tree' ? parseTree(tree.content).map(({ name }) => name) : [];
}
