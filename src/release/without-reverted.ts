import type { Change } from './changes.js';

/**
 * Changes without those that others among them take back, and without what took them back. Where a revert is itself
 * reverted, the change is there again. A revert of something that is not among the changes, because it is released, stays:
 * it is a change like any other.
 *
 * @param changes newest first: a revert comes before what it takes back
 */
export function withoutReverted(changes: readonly Change[]): Change[] {
  const gone = new Set<Change>();
  for (const [at, change] of changes.entries()) {
    if (change.said.reverts === undefined || gone.has(change)) {
      continue;
    }
    const { targets, all } = targetsOf(change, changes, { at, gone });
    if (all && change.said.reverts.alone) {
      // The title of a pull request and its commits tell of the same revert.
      const told = pullRequestOf(change, changes).filter(({ said }) => said.reverts !== undefined);
      for (const one of [change, ...told]) {
        gone.add(one);
      }
    }
    for (const one of targets) {
      gone.add(one);
    }
  }
  return gone.size === 0 ? [...changes] : changes.filter((change) => !gone.has(change));
}

/** The changes that a revert takes back, and whether these are all that it names. */
function targetsOf(
  { said: { reverts } }: Change,
  changes: readonly Change[],
  { at, gone }: { at: number; gone: ReadonlySet<Change> },
): { targets: Change[]; all: boolean } {
  const older = (matches: (one: Change) => boolean) =>
    changes.find((one, index) => index > at && !gone.has(one) && matches(one));
  const byCommit = (reverts?.commits ?? []).map((id) => {
    const merged = changes.filter(({ merge }) => merge?.startsWith(id));
    return merged.length > 0 ? merged : changes.filter(({ sha }) => sha.startsWith(id));
  });
  if (byCommit.some((found) => found.length > 0)) {
    return { targets: byCommit.flat(), all: byCommit.every((found) => found.length > 0) };
  }
  const { header, pullRequest } = reverts ?? {};
  const named =
    (pullRequest === undefined ? undefined : older((one) => one.pullRequest === pullRequest)) ??
    (header === undefined ? undefined : older(({ said }) => said.header === header));
  if (named === undefined) {
    return { targets: [], all: false };
  }
  const whole = named.merge === named.sha || named.pullRequest === pullRequest;
  return { targets: whole ? [named, ...pullRequestOf(named, changes)] : [named], all: true };
}

/** All changes of one merged pull request. */
function pullRequestOf({ merge }: Change, changes: readonly Change[]): Change[] {
  return merge === undefined ? [] : changes.filter((one) => one.merge === merge);
}
