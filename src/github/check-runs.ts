import * as v from 'valibot';
import type { Connected } from './connected.js';

const runSchema = v.object({
  id: v.number(),
  name: v.string(),
  html_url: v.nullish(v.string()),
  external_id: v.nullish(v.string()),
  completed_at: v.nullish(v.string()),
  app: v.nullish(v.object({ slug: v.nullish(v.string()) })),
  output: v.object({ summary: v.nullish(v.string()), text: v.nullish(v.string()) }),
});

const pageSchema = v.object({ total_count: v.number(), check_runs: v.array(runSchema) });

/** A check run as a list of GitHub has it. */
export type CheckRun = v.InferOutput<typeof runSchema>;

/** Which check runs of a commit are listed. */
export interface CheckRunFilter {
  /** Those of this name. */
  check_name?: string;
  /** Not only the newest of each name, app and suite. */
  filter?: 'all';
}

/**
 * Lists the check runs of a commit, page by page as they are asked for.
 *
 * @throws what GitHub answers, and ValiError where that is no such list
 * @see https://docs.github.com/rest/checks/runs#list-check-runs-for-a-git-reference
 */
export async function* checkRunsOf(
  { github, repository: { owner, name: repo } }: Connected,
  commit: string,
  only: CheckRunFilter = {},
): AsyncGenerator<CheckRun, void, undefined> {
  for (let page = 1, seen = 0; ; page++) {
    const { data } = await github.octokit.request('GET /repos/{owner}/{repo}/commits/{ref}/check-runs', {
      ...{ owner, repo, ref: commit, ...only, per_page: 100, page },
    });
    const { total_count: total, check_runs: runs } = v.parse(pageSchema, data);
    yield* runs;
    seen += runs.length;
    if (runs.length === 0 || seen >= total) {
      return;
    }
  }
}

/** What a check run says. */
export interface CheckRunWords {
  name: string;
  state: { status: 'in_progress' } | { status: 'completed'; conclusion: 'success' | 'neutral' | 'failure' };
  output: { title: string; summary: string; text?: string };
  /** Empty for none. */
  detailsUrl: string;
}

/**
 * Writes a check run of a commit. A second one with the same values changes nothing.
 *
 * @param known the id of the one that the commit has already, which is written anew
 * @returns its id
 * @throws what a failed request throws
 */
export async function writeCheckRun(
  { github, repository }: Connected,
  head: string,
  known: number | undefined,
  { name, state, output, detailsUrl }: CheckRunWords,
): Promise<number> {
  const body = {
    ...{ owner: repository.owner, repo: repository.name, output, ...state, request: { repeatable: true } },
    ...(detailsUrl === '' ? {} : { details_url: detailsUrl }),
  };
  if (known === undefined) {
    const fresh = { ...body, name, head_sha: head };
    const { data } = await github.octokit.request('POST /repos/{owner}/{repo}/check-runs', fresh);
    return Number(data.id);
  }
  const again = { ...body, check_run_id: known };
  await github.octokit.request('PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}', again);
  return known;
}
