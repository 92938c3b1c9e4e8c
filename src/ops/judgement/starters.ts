import * as v from 'valibot';
import { compareCommits } from '../../github/compare-commits.js';
import type { Connected } from '../../github/connected.js';
import type { PullPeople } from './approvals.js';
import { accountSchema, loginsOrProblem } from './logins.js';
import type { PullBranch } from './pull-branch.js';

/** Name of the artifact by which a run of ours says which head it made: the head is in it. */
function headArtifact(head: string): string {
  return `ostack-head-${head}`;
}

/** Attempts of a run and runs of one head that are looked at. */
const MOST = { attempts: 10, runs: 5 };

const runSchema = v.object({
  head_branch: v.nullable(v.string()),
  head_sha: v.string(),
  path: v.string(),
  event: v.string(),
  run_attempt: v.optional(v.number(), 1),
  actor: v.optional(accountSchema, null),
  triggering_actor: v.optional(accountSchema, null),
  head_repository: v.nullable(v.object({ full_name: v.string() })),
});

/** Who started the run that made the head of a pull request. Nobody starts what a person opened by hand. @param branch the default branch */
export async function startersOf(
  ops: Connected,
  branch: string,
  { author, head }: PullBranch,
): Promise<Pick<PullPeople, 'starters' | 'isStartedByItself'>> {
  if (author !== undefined && !author.isBot) {
    return { starters: { logins: [] } };
  }
  let isStartedByItself = false;
  const starters = await loginsOrProblem('Nobody can tell who started the run that made it', async () => {
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

/** Whether a branch contains a commit. @throws what a failed request throws, also for a commit that nobody has */
export async function isOnBranch(ops: Connected, branch: string, oid: string): Promise<boolean> {
  const { status } = await compareCommits(ops, branch, oid);
  return status === 'identical' || status === 'behind';
}
