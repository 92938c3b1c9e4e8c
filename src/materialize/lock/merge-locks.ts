import { type Connected, nameOf } from '../../github/connected.js';
import { explain } from '../../github/errors.js';
import { runMutations } from '../../github/mutations.js';
import { readHolds } from '../../ops/policy/holds.js';
import { type MergeChoice, wantsMerge } from '../../ops/policy/merge-decision.js';
import { mayWait } from '../../ops/pull-requests/decide-merge.js';
import { BY_ITSELF, firstTry, type Merged, waitForMerges } from '../../ops/pull-requests/merge.js';
import { type Finishing, mergeMutations } from '../../ops/pull-requests/merge-mutations.js';
import { mergesByItself } from '../../ops/pull-requests/stop-merge.js';
import { mergeMethodOf } from '../../ops/pull-requests/write-context.js';
import { type OpenRepository, openRepository } from '../../ops/repository/open-repository.js';
import { NOBODY } from '../../ops/repository/repository-state.js';
import type { CommitMessage } from '../../ops/tree/change.js';

/** A pull request with lock files. */
export interface LockPull {
  id: string;
  number: number;
  /** The branch that it comes from, and its commit. */
  branch: string;
  headOid: string;
  /** Whether this run made that commit. */
  changed: boolean;
  message: CommitMessage;
}

/** Whether lock files are merged. */
export interface LockMerge {
  choice: MergeChoice;
  /** Whether all that moves are branches that environments live on. */
  isDecided: boolean;
  /** Those that are rendered. */
  environments: readonly string[];
}

/** What became of that. */
export interface LockMerged {
  isMerged: boolean;
  /** What a person should know, as the end of a sentence; empty where nothing is. */
  said: string;
}

export const NOT_MERGED: LockMerged = { isMerged: false, said: '' };

/** How long a run waits for a merge, in milliseconds: GitHub takes some seconds to know a new pull request. */
const PATIENCE = { timeoutMs: 60_000, pollMs: 1000 };

/**
 * Merges lock files where that is wished: by a person; or because all that moves was decided on the branches of environments; or
 * because all environments are deployed to continuously and the policy has nothing to say now.
 *
 * @throws Error for people where GitHub refuses it
 */
export async function mergeLocks(to: Connected, branch: string, pull: LockPull, wish: LockMerge): Promise<LockMerged> {
  if (wish.choice === 'false') {
    return NOT_MERGED;
  }
  const operation = { doing: 'merge the lock files', repository: nameOf(to), permission: 'contents: write' };
  try {
    const opened = await openRepository(to, NOBODY, () => undefined);
    // The policy is that of the default branch, and whoever locks another branch decides alone.
    const isWished =
      wish.choice === 'true' || (opened.repo.base === branch && (wish.isDecided || isContinuous(opened, wish)));
    if (!isWished) {
      return NOT_MERGED;
    }
    const at =
      opened.repo.base === branch
        ? opened
        : await openRepository(to, NOBODY, () => undefined, { branch, policy: opened.policy });
    return said(await merge(to, at, pull));
  } catch (error) {
    throw explain(error, operation);
  }
}

/** Whether all environments have `cd: true`, and no rule or hold may keep anything of them back now. */
function isContinuous({ repo, policy, now }: OpenRepository, { environments }: LockMerge): boolean {
  const known = environments.flatMap((name) => policy.environments.find((each) => each.name === name) ?? []);
  const holds = readHolds(repo.holdsText);
  return (
    known.length === environments.length &&
    wantsMerge('auto', known) &&
    !mayWait({ policy, holds, now, repo }, { environments: [...environments] })
  );
}

async function merge({ github }: Connected, { repo, branch }: OpenRepository, pull: LockPull): Promise<Merged> {
  const { open: known } = await branch(pull.branch);
  if (!pull.changed && mergesByItself(known)) {
    return { state: 'waiting', reason: BY_ITSELF };
  }
  const finishing: Finishing = { ...BARE, ...pull, pullRequest: pull, known, merges: true };
  const method = mergeMethodOf({ mergeMethod: undefined, repo });
  const mutations = mergeMutations('lock', finishing, repo, method);
  const results = mutations.length === 0 ? undefined : await runMutations(github, 'MergeLocks', mutations);
  const first = results === undefined ? undefined : firstTry('lock', results, repo);
  const [merged] = first === undefined ? await waitForMerges(github, repo, method, [finishing], PATIENCE) : [first];
  return merged ?? { state: 'waiting', reason: '' };
}

const BARE = { labels: [], others: [] };

function said(merged: Merged): LockMerged {
  return merged.state === 'merged' ? { isMerged: true, said: '' } : { isMerged: false, said: merged.reason };
}
