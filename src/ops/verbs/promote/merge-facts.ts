import type { Decision } from './decide.js';

/** What a merge of one branch into another is made of. */
export interface MergeFacts {
  /** How many commits are new. */
  ahead: number;
  /** Whether GitHub deletes the branch that is merged once that is done. */
  deletesFrom: boolean;
  /** Of each app that would go. */
  versions: ReadonlyMap<string, MergedVersions>;
}

/** What the target environment has of an app, in the three trees that git merges. */
export interface MergedVersions {
  /** What it is to get: what the environment before it has. */
  wanted: string | null;
  /** Where the branches parted, on the branch that is merged into, on the other one. */
  base: string | null;
  into: string | null;
  from: string | null;
}

/** The branches of a merge. */
export interface MergedBranches {
  from: string;
  into: string;
  /** The apps that were asked for. */
  named: readonly string[] | 'all';
}

/**
 * Why a merge would not bring what is decided, with what to do; `undefined` where it does. Git takes of each side what it changed
 * since both parted: what the target took back, it keeps.
 *
 * @param decision what is to go, and what stays behind: a merge brings everything
 */
export function mergeProblem(
  { ahead, deletesFrom, versions }: MergeFacts,
  { going, left, environment }: Pick<Decision, 'going' | 'left' | 'environment'>,
  { from, into, named }: MergedBranches,
): string | undefined {
  if (deletesFrom) {
    return (
      `GitHub deletes ${from} once it is merged into ${into}, and an environment lives there. Turn "Automatically delete head branches" off ` +
      `in the settings of the repository, or have a ruleset restrict deletions of ${from}. Then promote again.`
    );
  }
  const [behind] = left;
  if (behind !== undefined) {
    return `${behind.app} may not go to ${environment.name}, and merging ${from} into ${into} brings all that ${from} has: ${behind.message}`;
  }
  const more = going.filter(({ app }) => named !== 'all' && !named.includes(app)).map(({ app }) => app);
  if (more.length > 0) {
    return `Merging ${from} into ${into} brings all that ${from} has, ${more.join(' and ')} too: name them, or promote all apps.`;
  }
  for (const [app, version] of versions) {
    if (version.from !== version.wanted) {
      return (
        `Merging ${from} into ${into} brings ${app} ${version.from ?? 'without a version'} to ${environment.name}, and not ${version.wanted ?? 'none'}: ` +
        `what ${from} says of ${environment.name} is in a file of ${environment.name} alone. Let releases set the version in a file that all ` +
        'environments share, such as hld/config/common.yaml, or leave "promotion" out in ostack.yaml, so that versions are copied.'
      );
    }
    const isBrought = ahead > 0 && (version.into === version.base || version.from === version.into);
    if (!isBrought) {
      return (
        `Merging ${from} into ${into} does not bring ${app} ${version.from ?? ''}: ${into} has changed it to ${version.into ?? 'none'} ` +
        `since both parted, as a rollback does, and git keeps that or calls it a conflict. Let ${from} know of it, and keep what ` +
        `${from} has:\n\n    git fetch origin\n    git switch ${from}\n    git merge --strategy ours origin/${into}\n    git push\n\nThen promote again.`
      );
    }
  }
  return undefined;
}

/** Why git cannot merge what is decided, with what to do. No other round finds anything else: what conflicts is on the branches. */
export function conflictProblem({ from, into }: Omit<MergedBranches, 'named'>): string {
  return (
    `Merging ${from} into ${into} conflicts: both have changed the same lines since they parted. Let ${from} know of what ${into} ` +
    `has, and resolve it there:\n\n    git fetch origin\n    git switch ${from}\n    git merge origin/${into}\n\n` +
    `Edit what conflicts, "git add" and "git commit" it, and "git push". Then promote again.`
  );
}
