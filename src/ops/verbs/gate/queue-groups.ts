import * as v from 'valibot';
import type { RepositoryReader } from '../../../github/repository-reader.js';
import type { JudgedGroup, QueueEntry } from '../../judged-pulls/judge-group.js';
import { type HeadVerdict, headVerdicts, type JudgedPull } from '../../judgement/head-verdict.js';
import { CHECKS, checksOf, checksSchema, type KnownCheck } from '../../judgement/known-checks.js';

/** What a merge queue is about to merge: a commit, and the pull requests that it adds, the last one first. */
export interface QueueGroup {
  head: string;
  /** Of the queue, the last one first. */
  entries: readonly QueueEntry[];
  checks: ReadonlyMap<string, KnownCheck>;
}

const refsSchema = v.nullable(
  v.object({
    nodes: v.nullable(
      v.array(
        v.nullable(
          v.object({
            name: v.string(),
            target: v.nullable(v.object({ oid: v.string(), statusCheckRollup: v.optional(checksSchema) })),
          }),
        ),
      ),
    ),
  }),
);

/** The groups of the merge queue of a branch; none without a queue. @param app slug of the App whose check runs are known */
export async function readQueueGroups(reader: RepositoryReader, branch: string, app: string): Promise<QueueGroup[]> {
  const refs = await reader.load({
    text: (bind) =>
      `refs(refPrefix: ${bind('String!', `refs/heads/gh-readonly-queue/${branch}/`)}, first: 100) { nodes { name target { oid ... on Commit { ${CHECKS} } } } }`,
    schema: refsSchema,
  });
  const found = (refs?.nodes ?? []).flatMap((node) =>
    node?.target === null || node === null ? [] : [{ ...node, ...node.target }],
  );
  const groups = groupsOf(found.map(({ name, target, oid }) => ({ name, head: target?.oid ?? oid })));
  return Promise.all(
    groups.map(async (group) => {
      const rollup = found.find(({ target }) => target?.oid === group.head)?.target?.statusCheckRollup ?? null;
      return { ...group, checks: await checksOf(reader, group.head, rollup, app) };
    }),
  );
}

/**
 * The groups that refs of a queue stand for, `pr-104-<commit that it was built on>`: a group that was built on another one's
 * commit has the pull requests of that one too.
 *
 * @see https://docs.github.com/repositories/configuring-branches-and-merges-in-your-repository/configuring-pull-request-merges/managing-a-merge-queue
 */
export function groupsOf(refs: readonly { name: string; head: string }[]): Omit<QueueGroup, 'checks'>[] {
  const entries = refs.flatMap(({ name, head }) => {
    const [, number, on] = /(?:^|\/)pr-(\d+)-([0-9a-f]{40,64})$/.exec(name) ?? [];
    return number === undefined || on === undefined ? [] : [{ head, number: Number(number), on }];
  });
  return entries.map((entry) => {
    const own: QueueEntry[] = [entry];
    let below = entries.find(({ head }) => head === entry.on);
    while (below !== undefined && !own.some(({ number }) => number === below?.number)) {
      own.push(below);
      const next: string = below.on;
      below = entries.find(({ head }) => head === next);
    }
    return { head: entry.head, entries: own };
  });
}

/**
 * The verdict of a group: the worst of its pull requests, each on the default branch and on top of those before it. One that is
 * not open, or was not judged, is refused.
 *
 * @param together what is said of the group itself
 */
export function groupVerdict(
  { head, entries }: Omit<QueueGroup, 'checks'>,
  judged: readonly JudgedPull[],
  { steps, problem }: { steps: readonly JudgedPull[]; problem: JudgedGroup['problem'] },
): HeadVerdict {
  const members = entries.map(({ number }): JudgedPull => {
    const known = judged.find((each) => each.number === number);
    const none = { number, verdicts: [], problem: `#${number} is no open pull request into that branch.` };
    return { ...(known ?? none), head };
  });
  const itself = problem === undefined ? [] : [{ head, number: entries[0]?.number ?? 0, verdicts: [], problem }];
  const all = [...members, ...steps.map((step) => ({ ...step, head })), ...itself];
  const each = all.map((one) => headVerdicts([one])[0]).flatMap((verdict) => verdict ?? []);
  const refused = each.filter(({ isAllowed }) => !isAllowed);
  const worst = refused[0] ?? each[0];
  return {
    head,
    pulls: refused.length === 0 ? members : refused.flatMap(({ pulls }) => pulls),
    isAllowed: worst?.isAllowed === true,
    title: worst?.title ?? 'Refused: it has no pull request.',
  };
}
