import { type Connected, nameOf } from '../../github/connected.js';
import { MATERIALIZE } from '../../ops/ledger/action-names.js';
import { trailerLines } from '../../ops/ledger/trailers.js';
import type { TreeEdit } from '../../ops/tree/tree-commit.js';
import { pauseBefore } from '../../ops/tree/tree-commit.js';
import { code, plain } from '../../report/markdown.js';
import { propose } from '../branch/propose.js';
import { readBranch } from '../branch/read-branch.js';
import type { LockChange } from './locks.js';
import { type LockMerge, type LockMerged, mergeLocks, NOT_MERGED } from './merge-locks.js';

/** Where lock files were read. */
export interface LockBase {
  /** Full id of the commit that is checked out. */
  commit: string;
  /** The branch that it is on. */
  branch: string;
  /** Page of the run; empty outside of one. */
  runUrl: string;
  dryRun: boolean;
  /** Whether it is merged; that all that moves was decided elsewhere is told here. */
  merge: Omit<LockMerge, 'isDecided'>;
}

/** What became of lock files. */
export interface ProposedLocks {
  /** Paths of lock files that change, from the root of the checkout. */
  lockFiles: string[];
  /** The one that proposes them; `undefined` where none does. */
  lockPullRequest: { number: number; url: string } | undefined;
  /** Whether that is merged, and why not where it is to be. */
  lockMerge: LockMerged;
}

/** Where lock files are not proposed. */
export const NOT_PROPOSED = { lockPullRequest: undefined, lockMerge: NOT_MERGED };

const ATTEMPTS = 10;

/**
 * Proposes lock files whose remote parts are resolved anew, in a pull request of their own, which is closed where nothing changes.
 *
 * @throws Error for people where the branch moved since it was checked out, or GitHub refuses it
 */
export async function proposeLocks(
  to: Connected,
  changes: readonly LockChange[],
  { commit, branch, runUrl, dryRun, merge }: LockBase,
): Promise<ProposedLocks> {
  const lockFiles = changes.map(({ file }) => file);
  if (dryRun) {
    return { lockFiles, ...NOT_PROPOSED };
  }
  const trailers = trailerLines([
    ['Ostack-Action', MATERIALIZE],
    ['Ostack-Source', `${nameOf(to)}@${commit}`],
    ['Ostack-Run', runUrl],
  ]);
  const lines = changes.flatMap(({ moves }) => moves);
  const headline = 'materialize: resolve remote parts anew';
  const from = `ostack/materialize-update/${branch}`;
  const message = { headline, body: `${lines.join('\n')}\n\n${trailers}` };
  const isDecided = changes.every((change) => change.isDecided);
  for (let attempts = 1; attempts <= ATTEMPTS; attempts++) {
    const base = await readBase(to, branch, commit);
    const proposed = await propose(to, {
      ...{ repositoryId: base.repositoryId, base, branch: from },
      items: changes.map(itemOf),
      message,
      title: headline,
      body: bodyOf(changes),
      keepsEdits: false,
      isNewer: async () => false,
    });
    if (!('reason' in proposed)) {
      const { action, pullRequest, commit: headOid } = proposed;
      const changed = action === 'created' || action === 'updated';
      const lockMerge =
        headOid === undefined || pullRequest === undefined
          ? NOT_MERGED
          : await mergeLocks(
              to,
              branch,
              { ...pullRequest, branch: from, headOid, changed, message },
              { ...merge, isDecided },
            );
      return { lockFiles, lockPullRequest: pullRequest, lockMerge };
    }
    await pauseBefore(attempts);
  }
  throw new Error(`The branch ${branch} of ${nameOf(to)} kept changing. Run it again.`);
}

async function readBase(to: Connected, branch: string, commit: string) {
  const { head, tree, repositoryId } = await readBranch(to, branch, []);
  if (head === undefined || tree === undefined || head !== commit) {
    throw new Error(
      `${branch || 'No branch'} of ${nameOf(to)} is at ${head?.slice(0, 7) ?? 'nothing'}, and ${commit.slice(0, 7)} is checked out, so its remote parts may be others. Run it again on the newest commit of a branch.`,
    );
  }
  return { branch, head, tree, repositoryId };
}

function itemOf({ file, text }: LockChange): TreeEdit {
  return text === undefined
    ? { path: file, mode: '100644', type: 'blob', sha: null }
    : { path: file, mode: '100644', type: 'blob', content: text };
}

function bodyOf(changes: readonly LockChange[]): string {
  return [
    'The remote parts of definitions, resolved anew. Environments get them once this is merged and `materialize` runs.',
    ...changes.map(({ file, moves }) => `${code(file)}:\n\n${moves.map((move) => `- ${plain(move)}`).join('\n')}`),
    '<sub>The next run of the update takes the place of this commit.</sub>',
  ].join('\n\n');
}
