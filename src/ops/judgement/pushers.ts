import * as v from 'valibot';
import type { Connected } from '../../github/connected.js';
import { nextPage, nodesOf } from '../../github/page.js';
import { repositoryReader } from '../../github/repository-reader.js';
import type { Logins } from './approvals.js';
import { accountSchema, loginsOrProblem } from './logins.js';
import type { PullBranch } from './pull-branch.js';

/** Pages of activity that are looked at. */
const MOST_PAGES = 5;

const activitySchema = v.array(
  v.object({ actor: accountSchema, activity_type: v.string(), timestamp: v.string(), after: v.string() }),
);

/**
 * Who pushed to a branch since it was made: a branch of an earlier pull request may have had the same name.
 *
 * @see https://docs.github.com/rest/repos/repos#list-repository-activities
 */
export async function pushersOf(
  ops: Connected,
  { branch, mergedAt }: Pick<PullBranch, 'branch' | 'mergedAt'>,
  isKnown: (oid: string) => boolean = () => false,
): Promise<Logins> {
  return loginsOrProblem('Nobody can tell who pushed to its branch', async () => {
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
        if (actor === null || page > MOST_PAGES) {
          return { problem: 'Nobody can tell everybody who pushed to its branch.' };
        }
        logins.add(actor.login);
        if (type === 'branch_creation') {
          return { logins: [...logins] };
        }
      }
      next = nextPage(answer.headers);
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

const pullSchema = v.object({ merged: v.boolean(), baseRefName: v.string(), author: accountSchema });
const commitSchema = v.object({ associatedPullRequests: v.nullable(nodesOf(pullSchema)) });
const broughtSchema = v.nullable(v.object({ commits: nodesOf(v.object({ commit: commitSchema })) }));

/**
 * Who had a hand in what a merge of an environment's branch brings: who pushed to that branch, or merged into it, what the base
 * lacks, and who opened the pull requests that brought it.
 */
export async function handsIn(ops: Connected, pull: PullBranch): Promise<Logins> {
  const { number, commits = [], branch } = pull;
  if (number === undefined || commits.length === 0 || commits.length >= MOST_COMMITS) {
    return {
      problem: `It merges ${branch}, and brings more than GitHub lists at once: nobody can tell who had a hand in that.`,
    };
  }
  return loginsOrProblem(`Nobody can tell who had a hand in what ${branch} brings`, async () => {
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
