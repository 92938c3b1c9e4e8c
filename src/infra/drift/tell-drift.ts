import { defaultHead } from '../../github/branch-head.js';
import type { Connected } from '../../github/connected.js';
import { attempt } from '../../github/errors.js';
import { operationIn } from '../../github/try-operation.js';
import { type IssueWrite, type LookedRoot, planIssue } from './drift-issue.js';
import { driftReader, readDriftIssues, writeDriftIssue } from './drift-issues.js';

/** A root, and what its issue says of it. */
export interface ToldDrift {
  looked: LookedRoot;
  write: IssueWrite;
  /** Number of its issue; `undefined` where there is none. */
  issue: number | undefined;
}

/**
 * Whether this commit is what the default branch has: an older one has drifted from it.
 *
 * @returns the name of the default branch
 * @throws Error where it is not
 */
export async function requireDefaultHead(to: Connected, commit: string): Promise<string> {
  const read = operationIn(to.repository, 'read the default branch', 'contents: read');
  const found = await attempt(read, () => defaultHead(driftReader(to)));
  if (found === undefined) {
    throw new Error('The repository has no default branch with a commit, so nothing can drift from it.');
  }
  const { branch, head } = found;
  if (head !== commit) {
    throw new Error(
      `What is checked out (${commit.slice(0, 7)}) is not the newest commit of the default branch ${branch} (${head.slice(0, 7)}), so it says nothing of drift. Run it there, and start a new run instead of repeating an old one.`,
    );
  }
  return branch;
}

/**
 * Writes the issue of a root. Its ticks are read right before, since people may tick while the root is looked at.
 *
 * @throws Error naming the permission that the token lacks
 */
export function tellDrift(to: Connected, looked: LookedRoot, end: string): Promise<ToldDrift> {
  const tell = operationIn(to.repository, `tell of drift in ${looked.root}`, 'issues: write');
  return attempt(tell, async () => {
    const known = (await readDriftIssues(driftReader(to))).get(looked.root);
    const write = planIssue(looked, known, end);
    return { looked, write, issue: await writeDriftIssue(to, looked.root, known, write) };
  });
}

/**
 * Closes the issues of roots that are there no more.
 *
 * @param roots names of all that are there
 * @returns the names of those whose issue was closed
 */
export function closeIssuesOfGoneRoots(to: Connected, roots: ReadonlySet<string>, end: string): Promise<string[]> {
  const close = operationIn(to.repository, 'close the issues of roots that are gone', 'issues: write');
  return attempt(close, async () => {
    const open = [...(await readDriftIssues(driftReader(to)))].filter(([, { isOpen }]) => isOpen);
    const gone = open.filter(([root]) => !roots.has(root));
    for (const [root, known] of gone) {
      const nothing = { root, differences: [], problem: '', texts: { outside: '', code: '' } };
      await writeDriftIssue(to, root, known, planIssue(nothing, known, `The root is gone. ${end}`));
    }
    return gone.map(([root]) => root);
  });
}
