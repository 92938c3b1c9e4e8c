import * as v from 'valibot';
import { nodesOf } from '../../github/page.js';
import type { RepositoryReader } from '../../github/repository-reader.js';
import { CHECKS, checksOf, checksSchema } from '../judgement/known-checks.js';
import { AUDIT_CHECK } from '../policy/gate-check.js';

/** Commits of the default branch that are looked at: the audit of a repository may not be through with the newest. */
const COMMITS = 3;

/** The audit writes what it remembers anew twice a day, so one that did not for this long is gone. */
const ALIVE_MS = 24 * 3_600_000;

const branchSchema = v.nullable(
  v.object({
    target: v.nullable(
      v.object({
        history: nodesOf(v.object({ oid: v.string(), statusCheckRollup: checksSchema })),
      }),
    ),
  }),
);

/**
 * Whether a repository has a gate of its own by the same App: then its audit remembers there what it has judged. Nobody but the App can
 * make that check, whatever files somebody pushes.
 *
 * @param app slug of the App
 * @throws what a failed request throws
 */
export async function hasOwnGate(reader: RepositoryReader, app: string, now: Date): Promise<boolean> {
  const branch = await reader.load({
    text: () =>
      `defaultBranchRef { target { ... on Commit { history(first: ${COMMITS}) { nodes { oid ${CHECKS} } } } } }`,
    schema: branchSchema,
  });
  const commits = (branch?.target?.history.nodes ?? []).flatMap((commit) => commit ?? []);
  const checks = await Promise.all(
    commits.map(({ oid, statusCheckRollup }) => checksOf(reader, oid, statusCheckRollup, app)),
  );
  return checks.some((known) => {
    const at = known.get(AUDIT_CHECK)?.completedAt;
    return at !== undefined && now.getTime() - at.getTime() < ALIVE_MS;
  });
}
