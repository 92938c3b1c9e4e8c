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
