import { firstFew } from '../../report/first-few.js';
import { HOLDS_FILE } from '../policy/holds.js';
import { hasSameHolds } from '../policy/same-holds.js';
import type { BranchView } from '../repository/open-repository.js';
import type { PullRequest } from '../repository/pull-request.js';
import type { Change } from '../tree/change.js';
import { changedTree } from '../tree/changed-tree.js';
import type { TreeReader } from '../tree/tree-reader.js';
import type { PlannedChange } from './planned.js';

/** A branch that is not built anew, with what a run adds to it. */
export interface KeptBranch {
  branch: BranchView;
  /** Its head. */
  tree: TreeReader;
  /** What is committed on top; `undefined` where the head holds everything. */
  onTop: Change | undefined;
  /** Newest commit of the default branch. */
  baseOid: string;
  now: Date;
}

/** Paths that are named. */
const MOST_PATHS = 3;

/**
 * What a branch brings that is not in the plan: a run judges its plan, and merges what is on the branch. Whose commits these
 * are matters not, because anybody can write our trailers: the files are compared.
 *
 * @param planned what the plan changes at the default branch
 * @returns a sentence, in which paths are others' text; `undefined` where the branch brings what is planned and nothing more
 * @throws what a failed request throws
 */
export async function unplannedOn(
  kept: KeptBranch,
  { change: planned, before }: PlannedChange,
): Promise<string | undefined> {
  const paths = [...planned.files.keys(), ...(planned.deletions ?? [])];
  const more = kept.branch.open === undefined ? ofBranch(kept, planned) : ofPull(kept.branch.open, paths);
  if (more !== undefined) {
    return more;
  }
  const head = changedTree(kept.tree, kept.onTop ?? { files: new Map() });
  const texts = await Promise.all(paths.map((path) => head.read(path)));
  const other = paths.filter((path, index) => !isPlanned(path, texts[index], { planned, before, now: kept.now }));
  return other.length === 0 ? undefined : `Its branch changes ${firstFew(other, MOST_PATHS)} otherwise than planned.`;
}

function isPlanned(
  path: string,
  found: string | undefined,
  { planned, before, now }: { planned: Change; before: ReadonlyMap<string, string>; now: Date },
): boolean {
  const wanted = planned.files.get(path);
  return (
    found === wanted || (path === HOLDS_FILE && hasSameHolds({ base: before.get(path), planned: wanted, found }, now))
  );
}

/** GitHub tells the new name of a file that was moved, and not the old one: then the numbers have to be right. */
function ofPull({ changes }: PullRequest, paths: readonly string[]): string | undefined {
  if (changes.isCut) {
    return 'Its branch changes more files than GitHub lists at once.';
  }
  const planned = new Set(paths);
  const other = changes.files.filter(({ path }) => !planned.has(path)).map(({ path }) => path);
  const moved = changes.files.filter(({ type }) => type === 'RENAMED').length;
  if (other.length > 0) {
    return `Its branch changes ${firstFew(other, MOST_PATHS)}, too.`;
  }
  return moved === 0 || changes.files.length + moved === paths.length
    ? undefined
    : 'Its branch moves files, and GitHub does not tell which.';
}

/** Of a branch without a pull request GitHub tells how many files its last commit changes, and that has to be all of it. */
function ofBranch({ branch: { head }, baseOid }: KeptBranch, { files, deletions = [] }: Change): string | undefined {
  const isAll = head?.firstParent === baseOid && head.changedFiles === files.size && deletions.length === 0;
  return isAll ? undefined : 'Its branch was there before, and nobody can tell all that it changes.';
}
