import * as v from 'valibot';
import type { Connected } from '../../../../github/connected.js';
import { operationIn, tryOperation } from '../../../../github/try-operation.js';
import { logWarning } from '../../../../runtime/log.js';
import { requestArtifact } from '../ask/request-record.js';

/** How old what a run asked for may be, so that a sweep takes it up: it runs each hour, and GitHub starts it late. */
const LATE_MS = 3 * 3_600_000;

const artifactSchema = v.object({
  created_at: v.string(),
  workflow_run: v.nullish(
    v.object({
      ...{ id: v.optional(v.number()), head_sha: v.optional(v.string()), head_branch: v.nullish(v.string()) },
      ...{ repository_id: v.optional(v.number()), head_repository_id: v.optional(v.number()) },
    }),
  ),
});
const artifactsSchema = v.object({ artifacts: v.array(artifactSchema) });

/** An artifact as a list of a repository's artifacts has it. */
export type ListedArtifact = v.InferOutput<typeof artifactSchema>;

/** A run that asked, by its artifact. */
export interface Asker {
  run: number;
  /** Full id of the commit that it is for, and the name of its branch. */
  head: string;
  branch: string | undefined;
  askedAt: Date;
}

/**
 * Runs of a repository that asked lately for previews of pull requests, of a hundred, which is what one request shows. Runs for commits
 * of forks, which ask for nothing, are none.
 *
 * @see https://docs.github.com/rest/actions/artifacts#list-artifacts-for-a-repository
 */
export async function askersOf(apps: Connected, now: Date): Promise<Asker[]> {
  const { owner, name: repo } = apps.repository;
  const operation = operationIn(apps.repository, 'list what runs asked for', 'actions: read');
  const found = await tryOperation(
    operation,
    async () => {
      const name = requestArtifact(false);
      const { data } = await apps.github.octokit.request('GET /repos/{owner}/{repo}/actions/artifacts', {
        ...{ owner, repo, name, per_page: 100 },
      });
      return v.parse(artifactsSchema, data).artifacts;
    },
    (message) => logWarning(`${message} What it asked for in vain is not made good.`),
  );
  return askersIn(found ?? [], now);
}

/** The runs that asked lately, by the artifacts that they left. */
export function askersIn(artifacts: readonly ListedArtifact[], now: Date): Asker[] {
  return artifacts.flatMap(({ created_at: at, workflow_run: run }) => {
    const askedAt = new Date(at);
    const isLongAgo = now.getTime() - askedAt.getTime() > LATE_MS;
    const isOfFork = run?.head_repository_id !== run?.repository_id;
    return run?.id === undefined || run.head_sha === undefined || isOfFork || isLongAgo
      ? []
      : [{ run: run.id, head: run.head_sha, branch: run.head_branch ?? undefined, askedAt }];
  });
}
