import * as v from 'valibot';
import { type Connected, nameOf } from '../../github/connected.js';
import { attempt, isRequestFailure } from '../../github/errors.js';
import { GraphqlErrors } from '../../github/graphql-error.js';
import { type Mutation, runMutations } from '../../github/mutations.js';
import { nodesOf } from '../../github/page.js';
import { repositoryReader } from '../../github/repository-reader.js';
import { settle } from '../../github/settle.js';
import { operationIn } from '../../github/try-operation.js';
import { openFresh } from '../../ops/pull-requests/open-fresh.js';
import { commitMutation } from '../../ops/tree/commit-mutation.js';
import { code, plain } from '../../report/markdown.js';
import { shortLine } from '../../report/short-line.js';
import { logWarning } from '../../runtime/log.js';
import { replanFile } from '../roots/replan-file.js';
import { beyondMarkdown, MOST_WHY } from './apply-markdown.js';
import { type ApplyReport, isDone } from './apply-report.js';

/** Where pull requests go that ask for a review of what was not applied. */
export interface FollowUpOf {
  to: Connected;
  /** The merged commit. */
  commit: string;
  /** The default branch, and its newest commit. */
  branch: string;
  head: string;
}

const pullSchema = v.object({
  ...{ id: v.string(), number: v.number(), state: v.picklist(['OPEN', 'CLOSED', 'MERGED']), body: v.string() },
  ...{ isCrossRepository: v.boolean(), headRefOid: v.string() },
  author: v.nullable(v.object({ __typename: v.string() })),
});
type Pull = v.InferOutput<typeof pullSchema>;
const SELECTION = 'id number state body isCrossRepository headRefOid author { __typename }';

/** The branch of the pull request about a root: of `a` and `a/b` there could not be both as branches, and none begins with a dot. */
export function followUpBranch(root: string): string {
  return `ostack-replan/${root === '.' ? '_root' : root.replaceAll('/', '+').replace(/^\./, '_.')}`;
}

/** Whether a root can be put right by a review of what it does now. */
export function wantsReview({ result, start, plan }: Pick<ApplyReport, 'result' | 'start' | 'plan'>): boolean {
  return result === 'asks' && start === '' && plan !== '';
}

/**
 * Keeps one pull request a root that was merged and refused: its only change is a file that asks for a plan of the root, so what the
 * default branch would do is planned, reviewed and approved as any other change, and its merge applies it. It is closed once nothing is
 * left to apply. One that a person closed is not opened again for the same commit.
 *
 * @returns its number by root; without it where GitHub refuses, which is a warning: the issue has the other ways
 */
export async function keepFollowUps(of: FollowUpOf, reports: readonly ApplyReport[]): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  const asked = reports.filter((report) => wantsReview(report) || isDone(report));
  try {
    const pulls = await pullsOf(of, asked);
    for (const report of asked) {
      const own = pulls.get(report.root) ?? [];
      const number = await (isDone(report) ? close(of.to, own) : keep(of, report, own));
      if (number !== undefined) {
        found.set(report.root, number);
      }
    }
  } catch (error) {
    if (!isRequestFailure(error) || !(error instanceof Error)) {
      throw error;
    }
    logWarning(
      `${error.message} So there is no pull request to review what was not applied. A workflow may open one where the settings of Actions allow it ("Allow GitHub Actions to create and approve pull requests").`,
    );
  }
  return found;
}

/** Pull requests of ours about roots, the newest first: one request. */
async function pullsOf({ to, branch }: FollowUpOf, reports: readonly ApplyReport[]): Promise<Map<string, Pull[]>> {
  const reader = repositoryReader(to.github, to.repository, 'FollowUps');
  const read = operationIn(to.repository, 'read pull requests', 'pull-requests: read');
  const entries = await attempt(read, () =>
    Promise.all(
      reports.map(async ({ root }) => {
        const { nodes } = await reader.load({
          text: (bind) =>
            `pullRequests(headRefName: ${bind('String!', followUpBranch(root))}, baseRefName: ${bind('String!', branch)}, first: 20, orderBy: { field: CREATED_AT, direction: DESC }) { nodes { ${SELECTION} } }`,
          schema: nodesOf(pullSchema),
        });
        return [root, (nodes ?? []).flatMap((pull) => (pull !== null && isOurs(pull) ? [pull] : []))] as const;
      }),
    ),
  );
  return new Map(entries);
}

function isOurs({ isCrossRepository, author }: Pull): boolean {
  return !isCrossRepository && author?.__typename === 'Bot';
}

const mark = (commit: string) => `<!-- ostack:replan ${commit} -->`;

async function keep(of: FollowUpOf, report: ApplyReport, pulls: readonly Pull[]): Promise<number | undefined> {
  const { to, commit, branch: base, head } = of;
  const { root } = report;
  const open = pulls.find(({ state }) => state === 'OPEN');
  const same = pulls.find(({ body }) => body.includes(mark(commit)));
  if (same !== undefined) {
    // What a person closed stays closed, and what was merged is applied by the run of that merge.
    return same.state === 'OPEN' ? same.number : undefined;
  }
  const change = { files: new Map([[replanFile(root), fileText(report, commit)]]) };
  const title = `Review what ${root} would do`;
  const message = { headline: title, body: `${commit} is merged, and was not applied as it was reviewed.` };
  const body = bodyOf(report, commit);
  const branch = followUpBranch(root);
  const write = operationIn(to.repository, `propose a review of ${root}`, 'contents: write" and "pull-requests: write');
  return attempt(write, async () => {
    if (open === undefined) {
      const find = async () => (await pullsOf(of, [report])).get(root)?.find(({ state }) => state === 'OPEN')?.number;
      return settle(find, () => openFresh(to, 'FollowUp', { branch, base, onto: head, change, message, title, body }));
    }
    // On top of what is there: GitHub closes a pull request whose branch has nothing of its own for a moment.
    const target = { repository: nameOf(to), branch, expectedHeadOid: open.headRefOid };
    await mutate(to, [
      commitMutation('commit', target, change, message),
      {
        ...{ alias: 'pull', name: 'updatePullRequest', select: 'clientMutationId' },
        input: { pullRequestId: open.id, title, body },
      },
    ]);
    return open.number;
  });
}

/** Closes what is no longer to be reviewed. */
async function close(to: Connected, pulls: readonly Pull[]): Promise<undefined> {
  const open = pulls.filter(({ state }) => state === 'OPEN');
  const mutations = open.map(({ id }, index): Mutation => {
    return {
      alias: `close${index}`,
      name: 'closePullRequest',
      input: { pullRequestId: id },
      select: 'clientMutationId',
    };
  });
  const doing = operationIn(to.repository, 'close a pull request', 'pull-requests: write');
  await (mutations.length === 0 ? undefined : attempt(doing, () => mutate(to, mutations)));
}

async function mutate(to: Connected, mutations: readonly Mutation[]): Promise<void> {
  const { errors } = await runMutations(to.github, 'FollowUp', mutations);
  if (errors.length > 0) {
    throw new GraphqlErrors([...errors]);
  }
}

function fileText({ root }: ApplyReport, commit: string): string {
  return `# Asks for a review of what the default branch would do in this root. It changes nothing, and may be deleted.\nroot: ${JSON.stringify(root)}\ncommit: ${commit}\n`;
}

function bodyOf({ root, why, beyond }: ApplyReport, commit: string): string {
  return [
    mark(commit),
    `${commit.slice(0, 7)} is merged, and ${code(root)} was not applied: ${plain(shortLine(why, MOST_WHY))}`,
    ...(beyond.length === 0 ? [] : [beyondMarkdown(beyond)]),
    `This changes nothing but ${code(replanFile(root))}, so that its plan is what the default branch would do in ${code(root)} now. Approve and merge it like any other, and that is applied. Where you want something else, propose that, and close this.`,
    'GitHub starts the checks of what a workflow opened once somebody lets it: *Approve workflows to run*.',
  ].join('\n\n');
}
