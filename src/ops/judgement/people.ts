import * as v from 'valibot';
import type { Connected } from '../../github/connected.js';
import { isRequestFailure } from '../../github/errors.js';
import { repositoryReader } from '../../github/repository-reader.js';
import { environmentPolicy } from '../policy/policy.js';
import type { Logins, PullPeople, Review } from './approvals.js';
import type { ChangeFacts } from './inspect-change.js';
import type { Reopened } from './reopenings.js';

/** A pull request, as far as it tells who had a hand in it. */
export interface PullBranch {
  /** Missing where nobody asks for what it merges. */
  number?: number;
  /** Its commits, oldest first, at most 100: those that its base lacks. */
  commits?: readonly string[];
  head: string;
  branch: string;
  isFork: boolean;
  author: { login: string; isBot: boolean; isOpsApp?: boolean } | undefined;
  reviews: readonly Review[];
  /** When it last got another base; `undefined` where it has its first one. */
  baseChangedAt?: Date | undefined;
  /** Who opened it again last; missing where it was never closed before. */
  reopened?: Reopened | undefined;
  /** When it was merged: nobody who did something to its branch later had a hand in it. `undefined` while it is open. */
  mergedAt?: Date | undefined;
}

/** The author of a pull request. @param app slug of the App that judges */
export function authorOf({ login, __typename: type }: { login: string; __typename: string }, app: string) {
  return { login, isBot: type === 'Bot', isOpsApp: type === 'Bot' && login === app };
}

/** The selection on a `PullRequest` that tells when it got another base, by somebody or because its base was merged and deleted. */
export const BASE_CHANGES =
  'timelineItems(last: 1, itemTypes: [BASE_REF_CHANGED_EVENT, AUTOMATIC_BASE_CHANGE_SUCCEEDED_EVENT]) { nodes { ... on BaseRefChangedEvent { createdAt } ... on AutomaticBaseChangeSucceededEvent { createdAt } } }';

/** What `BASE_CHANGES` gives. */
export const baseChangesSchema = v.object({
  nodes: v.nullable(v.array(v.nullable(v.object({ createdAt: v.string() })))),
});

/** When a pull request last got another base. */
export function lastBaseChange({ nodes }: v.InferOutput<typeof baseChangesSchema>): Date | undefined {
  const last = (nodes ?? []).at(-1);
  return last === null || last === undefined ? undefined : new Date(last.createdAt);
}

/** Name of the artifact by which a run of ours says which head it made: the head is in it. */
export function headArtifact(head: string): string {
  return `ostack-head-${head}`;
}

/** Attempts of a run, runs of one head and pages of activity that are looked at. */
const MOST = { attempts: 10, runs: 5, pages: 5 };

const account = v.nullable(v.object({ login: v.string() }));
const runSchema = v.object({
  head_branch: v.nullable(v.string()),
  head_sha: v.string(),
  path: v.string(),
  event: v.string(),
  run_attempt: v.optional(v.number(), 1),
  actor: v.optional(account, null),
  triggering_actor: v.optional(account, null),
  head_repository: v.nullable(v.object({ full_name: v.string() })),
});

/**
 * Who had a hand in a pull request, as GitHub tells it: who started the run that made its head, and who pushed to its branch.
 * It is asked only where somebody has to approve.
 *
 * @param branch the default branch
 */
export async function peopleFor(
  ops: Connected,
  branch: string,
  facts: ChangeFacts,
  pull: PullBranch,
): Promise<PullPeople> {
  const { head, author, isFork, reviews, baseChangedAt, reopened } = pull;
  const known = { head, author: author?.login, isFork, reviews, baseChangedAt, reopened };
  return isApprovalAsked(facts)
    ? readPeople(ops, branch, pull, isOfEnvironment(facts, branch, pull))
    : { ...known, starters: { logins: [] }, pushers: { logins: [] } };
}

function isApprovalAsked({ environments, policy, ruled, assignment }: ChangeFacts): boolean {
  const asking = environments.filter((name) => environmentPolicy(policy, name).approvers.length > 0);
  return (
    asking.some((name) => ruled.has(name)) ||
    assignment.paths.some((path) => path.environments.some((name) => asking.includes(name)))
  );
}

/** Whether it merges a branch that environments live on: many have pushed to that, most of whom the base has already. */
function isOfEnvironment({ policy }: ChangeFacts, branch: string, { branch: head }: PullBranch): boolean {
  return head === branch || policy.environments.some((each) => each.repository === undefined && each.branch === head);
}

async function readPeople(ops: Connected, branch: string, pull: PullBranch, isPromotion: boolean): Promise<PullPeople> {
  const { head, author, isFork, reviews, baseChangedAt, reopened } = pull;
  const known = { head, author: author?.login, isFork, reviews, baseChangedAt, reopened };
  if (isFork) {
    return { ...known, starters: { logins: [] }, pushers: { logins: [] } };
  }
  const pushers = isPromotion ? await handsIn(ops, pull) : await pushersOf(ops, pull);
  return isOwnRevert(pull, pushers)
    ? { ...known, starters: { logins: [] }, pushers }
    : { ...known, ...(await startersOf(ops, branch, pull)), pushers };
}

/** Branches of reverts of the audit. */
export const REVERTS = 'ostack-audit/revert-';

/**
 * Whether it takes back what the audit found, as the ops App made it: nobody started that, and nobody but the App has the key with
 * which it is opened and pushed.
 */
function isOwnRevert({ author, branch }: PullBranch, pushers: Logins): boolean {
  const own = author?.isOpsApp === true && branch.startsWith(REVERTS) ? `${author.login}[bot]` : undefined;
  return own !== undefined && 'logins' in pushers && pushers.logins.every((login) => login === own);
}

type Starters = Pick<PullPeople, 'starters' | 'isStartedByItself'>;

/** Nobody starts what a person opened by hand. */
async function startersOf(ops: Connected, branch: string, { author, head }: PullBranch): Promise<Starters> {
  if (author !== undefined && !author.isBot) {
    return { starters: { logins: [] } };
  }
  let isStartedByItself = false;
  const starters = await orProblem('Nobody can tell who started the run that made it', async () => {
    const { owner, name: repo } = ops.repository;
    const listed = await ops.github.octokit.request('GET /repos/{owner}/{repo}/actions/artifacts', {
      owner,
      repo,
      name: headArtifact(head),
      per_page: 100,
    });
    const ids = new Set(listed.data.artifacts.flatMap(({ workflow_run: run }) => run?.id ?? []));
    if (ids.size > MOST.runs) {
      return { problem: `${ids.size} runs say that they made it, expected one.` };
    }
    const all = await Promise.all([...ids].map((id) => startersOfRun(ops, branch, id)));
    const found = all.filter((each) => each !== undefined);
    isStartedByItself = found.some(({ event }) => !event.endsWith('_dispatch'));
    return found.length === 0
      ? { problem: 'Nobody can tell who started the run that made it: no run of the default branch says that it did.' }
      : { logins: found.flatMap(({ logins }) => logins) };
  });
  return { starters, isStartedByItself };
}

/** Who started a run, and who started it anew; `undefined` for a run that is none of the default branch's workflows. */
async function startersOfRun(
  ops: Connected,
  branch: string,
  id: number,
): Promise<{ event: string; logins: string[] } | undefined> {
  const { owner, name: repo } = ops.repository;
  const read = async (attempt?: number) => {
    const answer =
      attempt === undefined
        ? await ops.github.octokit.request('GET /repos/{owner}/{repo}/actions/runs/{run_id}', {
            owner,
            repo,
            run_id: id,
          })
        : await ops.github.octokit.request(
            'GET /repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number}',
            { owner, repo, run_id: id, attempt_number: attempt },
          );
    return v.parse(runSchema, answer.data);
  };
  const run = await read();
  const isOurs =
    run.head_branch === branch &&
    run.path.startsWith('.github/workflows/') &&
    !run.event.startsWith('pull_request') &&
    run.head_repository?.full_name.toLowerCase() === `${owner}/${repo}`.toLowerCase();
  // A run of a tag that is called as the branch says the same: its commit has to be on the branch.
  if (!isOurs || run.run_attempt > MOST.attempts || !(await isOnBranch(ops, branch, run.head_sha))) {
    return undefined;
  }
  const earlier = Array.from({ length: run.run_attempt - 1 }, (_, index) => read(index + 1));
  const all = [run, ...(await Promise.all(earlier))];
  // The actor of a schedule is whoever changed the workflow last, and started nothing.
  const isStarted = ({ event, run_attempt: attempt }: typeof run) => event !== 'schedule' || attempt > 1;
  const logins = all
    .filter(isStarted)
    .flatMap(({ event, actor, triggering_actor: again }) => [event === 'schedule' ? null : actor, again])
    .flatMap((each) => each?.login ?? []);
  return { event: run.event, logins };
}

async function isOnBranch({ github, repository }: Connected, branch: string, oid: string): Promise<boolean> {
  const { owner, name: repo } = repository;
  const { data } = await github.octokit.request('GET /repos/{owner}/{repo}/compare/{basehead}', {
    owner,
    repo,
    basehead: `${branch}...${oid}`,
    per_page: 1,
  });
  return data.status === 'identical' || data.status === 'behind';
}

const activitySchema = v.array(
  v.object({ actor: account, activity_type: v.string(), timestamp: v.string(), after: v.string() }),
);

/**
 * Who pushed to a branch since it was made: a branch of an earlier pull request may have had the same name.
 *
 * @see https://docs.github.com/rest/repos/repos#list-repository-activities
 */
async function pushersOf(
  ops: Connected,
  { branch, mergedAt }: PullBranch,
  isKnown: (oid: string) => boolean = () => false,
): Promise<Logins> {
  return orProblem('Nobody can tell who pushed to its branch', async () => {
    const { owner, name: repo } = ops.repository;
    const logins = new Set<string>();
    let next: string | undefined =
      `/repos/${owner}/${repo}/activity?per_page=100&ref=${encodeURIComponent(`refs/heads/${branch}`)}`;
    for (let page = 1; next !== undefined; page++) {
      const answer: Awaited<ReturnType<typeof ops.github.octokit.request>> = await ops.github.octokit.request(
        `GET ${next}`,
      );
      for (const { actor, activity_type: type, after } of activityUntil(answer.data, mergedAt)) {
        if (isKnown(after)) {
          return { logins: [...logins] };
        }
        if (actor === null || page > MOST.pages) {
          return { problem: 'Nobody can tell everybody who pushed to its branch.' };
        }
        logins.add(actor.login);
        if (type === 'branch_creation') {
          return { logins: [...logins] };
        }
      }
      next = /<([^<>]+)>; *rel="next"/.exec(answer.headers.link ?? '')?.[1];
    }
    return logins.size === 0 ? { problem: 'GitHub names nobody who pushed to its branch.' } : { logins: [...logins] };
  });
}

function activityUntil(data: unknown, time: Date | undefined): v.InferOutput<typeof activitySchema> {
  const all = v.parse(activitySchema, data);
  return time === undefined ? all : all.filter(({ timestamp }) => Date.parse(timestamp) <= time.getTime());
}

/** Commits of a pull request that GitHub lists at once: with as many there may be more. */
const MOST_COMMITS = 100;

const broughtSchema = v.nullable(
  v.object({
    commits: v.object({
      nodes: v.nullable(
        v.array(
          v.nullable(
            v.object({
              commit: v.object({
                associatedPullRequests: v.nullable(
                  v.object({
                    nodes: v.nullable(
                      v.array(v.nullable(v.object({ merged: v.boolean(), baseRefName: v.string(), author: account }))),
                    ),
                  }),
                ),
              }),
            }),
          ),
        ),
      ),
    }),
  }),
);

/**
 * Who had a hand in what a merge of an environment's branch brings: who pushed to that branch, or merged into it, what the base
 * lacks, and who opened the pull requests that brought it.
 */
async function handsIn(ops: Connected, pull: PullBranch): Promise<Logins> {
  const { number, commits = [], branch } = pull;
  if (number === undefined || commits.length === 0 || commits.length >= MOST_COMMITS) {
    return {
      problem: `It merges ${branch}, and brings more than GitHub lists at once: nobody can tell who had a hand in that.`,
    };
  }
  return orProblem(`Nobody can tell who had a hand in what ${branch} brings`, async () => {
    const reader = repositoryReader(ops.github, ops.repository, 'Brought');
    const [pushers, brought] = await Promise.all([
      pushersOf(ops, pull, (oid) => !commits.includes(oid)),
      reader.load({
        heavy: true,
        text: (bind) =>
          `pullRequest(number: ${bind('Int!', number)}) { commits(first: ${MOST_COMMITS}) { nodes { commit { associatedPullRequests(first: 10) { nodes { merged baseRefName author { login } } } } } } }`,
        schema: broughtSchema,
      }),
    ]);
    const own = (brought?.commits.nodes ?? []).flatMap((node) => node?.commit.associatedPullRequests?.nodes ?? []);
    const authors = own.flatMap((each) =>
      each?.merged === true && each.baseRefName === branch ? (each.author?.login ?? []) : [],
    );
    return 'problem' in pushers ? pushers : { logins: [...new Set([...pushers.logins, ...authors])] };
  });
}

async function orProblem(what: string, work: () => Promise<Logins>): Promise<Logins> {
  try {
    return await work();
  } catch (error) {
    if (isRequestFailure(error)) {
      return { problem: `${what}: ${error instanceof Error ? error.message : String(error)}.` };
    }
    throw error;
  }
}
