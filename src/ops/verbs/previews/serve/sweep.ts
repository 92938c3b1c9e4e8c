import * as v from 'valibot';
import type { Connected } from '../../../../github/connected.js';
import { parseRepository } from '../../../../github/context.js';
import { operationIn, tryOperation } from '../../../../github/try-operation.js';
import { logWarning } from '../../../../runtime/log.js';
import { previewSources } from '../../../policy/preview-sources.js';
import { readRecords } from '../../../preview-records/read-records.js';
import type { PreviewRecord } from '../../../preview-records/record.js';
import { type PreviewRequest, requestArtifact } from '../ask/request-record.js';
import type { OpenPullRequests } from '../plan/open-pull-requests.js';
import type { OpsSnapshot } from '../run/commit.js';
import { commitMessage } from '../run/commit-message.js';
import { listOrWarn, repositoriesOf } from '../run/list-repositories.js';
import type { PreviewRun } from '../run/preview-run.js';
import { SERVE, type Serving } from './serve-request.js';

/** How old what a run asked for may be, so that a sweep takes it up: it runs each hour, and GitHub starts it late. */
const LATE_MS = 3 * 3_600_000;
/** Most requests that one sweep makes good; the next one makes more. */
const MOST_LOST = 20;

const artifactsSchema = v.object({
  artifacts: v.array(
    v.object({
      created_at: v.string(),
      workflow_run: v.nullish(v.object({ id: v.optional(v.number()), head_sha: v.optional(v.string()) })),
    }),
  ),
});

/** A run that asked, by its artifact. */
export interface Asker {
  run: number;
  head: string;
  askedAt: Date;
}

/**
 * Plans a run that looks through all previews, whichever apps repository they belong to, and finds requests that were lost.
 *
 * @returns the run, and after it has been made, what was asked for in vain
 */
export function sweep({ ops, appsGitHub: github, context, dryRun }: Serving): {
  run: PreviewRun;
  lost: () => PreviewRequest[];
} {
  let lost: PreviewRequest[] = [];
  return {
    lost: () => lost,
    run: {
      ...{ ops, dryRun, apps: () => undefined, own: undefined, wait: undefined },
      ...{ serverUrl: context.serverUrl, runUrl: context.runUrl },
      async request(snapshot) {
        const [withRecords, { records }] = await Promise.all([repositoriesOf(snapshot), readRecords(snapshot.tree)]);
        const names = new Map(
          [...withRecords, ...sourcesOf(snapshot)].map((each) => [`${each.owner}/${each.name}`.toLowerCase(), each]),
        );
        const found = await Promise.all(
          [...names.values()].map(async (repository) => {
            const apps = { github, repository };
            const [list, askers] = await Promise.all([listOrWarn(apps), askersOf(apps, new Date())]);
            return { list, askers };
          }),
        );
        const lists = found.flatMap(({ list }) => (list === undefined ? [] : [list]));
        lost = found
          .flatMap(({ list, askers }) => (list === undefined ? [] : lostRequests(list, askers, records)))
          .slice(0, MOST_LOST);
        return { pullRequests: lists };
      },
      message: ({ decisions }) => commitMessage({ action: SERVE, own: undefined, runUrl: context.runUrl }, decisions),
    },
  };
}

function sourcesOf({ policy }: OpsSnapshot) {
  return previewSources(policy).map((name) => parseRepository(name, 'The policy'));
}

/** Runs that asked lately, the newest first: of a hundred, which is what one request shows. */
async function askersOf(apps: Connected, now: Date): Promise<Asker[]> {
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
  return (found ?? []).flatMap(({ created_at: at, workflow_run: run }) => {
    const askedAt = new Date(at);
    return run?.id === undefined || run.head_sha === undefined || now.getTime() - askedAt.getTime() > LATE_MS
      ? []
      : [{ run: run.id, head: run.head_sha, askedAt }];
  });
}

/**
 * What was asked for in vain: the newest run for the head of an open pull request whose record is of another commit, or missing. One
 * whose record is younger than that run had its answer.
 */
export function lostRequests(
  { repository, open }: OpenPullRequests,
  askers: readonly Asker[],
  records: readonly PreviewRecord[],
): PreviewRequest[] {
  return open.flatMap(({ number, head }) => {
    const record = records.find(
      (each) => each.pullRequest?.number === number && each.repository.toLowerCase() === repository.toLowerCase(),
    );
    const [asker] = askers
      .filter((each) => each.head === head)
      .sort((one, other) => other.askedAt.getTime() - one.askedAt.getTime());
    const isAnswered = asker === undefined || record?.head === head;
    return isAnswered ? [] : [{ repository, run: asker.run, pull_request: number }];
  });
}
