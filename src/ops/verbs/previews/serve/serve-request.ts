import type { Connected } from '../../../../github/connected.js';
import { parseRepository } from '../../../../github/context.js';
import { previewName } from '../../../preview-records/name.js';
import { readRecords } from '../../../preview-records/read-records.js';
import { appInOps, workspaceOfSource } from '../../../repository/workspaces.js';
import { askProblem } from '../ask/ask-problem.js';
import type { PreviewRequest, RequestRecord } from '../ask/request-record.js';
import { lastRecord } from '../branch/last-record.js';
import type { ReconcileRequest } from '../plan/request.js';
import { type AppsRepository, openPullRequestsIn, readAppsRepository } from '../run/apps-repository.js';
import { changedApps } from '../run/changed-apps.js';
import type { OpsSnapshot } from '../run/commit.js';
import { commitMessage } from '../run/commit-message.js';
import { runSubject } from '../run/event.js';
import type { OwnPreview, PreviewRun } from '../run/preview-run.js';
import { requestedSubject, type Subject } from '../run/requested-subject.js';
import { whyNotForPull, whyNotForRun } from './judge-request.js';
import { type Asking, readRequest, refusal } from './read-request.js';
import { serveCommand } from './serve-command.js';
import type { Serving } from './serving.js';

export const SERVE = 'serve-previews';

/**
 * Plans a run that gives an apps repository what one of its runs asks for. The request says where to look, and no more: the pull
 * request, the run and its artifact are read from GitHub, and the policy of the deployed branch decides. Each time that the ops repository
 * has moved, it is judged anew.
 */
export function serveRequest(serving: Serving, request: PreviewRequest): PreviewRun {
  const { ops, appsGitHub, context, dryRun } = serving;
  const apps: Connected = { github: appsGitHub, repository: parseRepository(request.repository, 'The request') };
  let asking: Asking | undefined;
  let own: OwnPreview | undefined;
  let message: PreviewRun['message'] = ({ decisions }) =>
    commitMessage({ action: SERVE, own, runUrl: context.runUrl }, decisions);
  return {
    ops,
    // What people are told, the run that asks tells them, with a token of its own.
    apps: () => undefined,
    async request(snapshot) {
      const problem = await askProblem(snapshot, request.repository, undefined);
      if (problem !== undefined) {
        throw refusal(problem);
      }
      const command = await serveCommand(serving, apps, request, snapshot);
      if (command !== undefined) {
        ({ own, message } = command);
        return command.requested;
      }
      const current = await readAppsRepository(apps);
      const pullRequests = [openPullRequestsIn(apps, current)];
      const number = request.pull_request;
      const pull = current.pullRequests.find((each) => each.number === number);
      if (number !== undefined && pull === undefined) {
        return { pullRequests };
      }
      asking ??= await readRequest(apps, request);
      if (asking.record === undefined) {
        return { pullRequests };
      }
      const subject = subjectOf(request, asking, asking.record, pull);
      const workspace = workspaceOf(request, current, snapshot);
      own = {
        name: previewName(workspace, subject),
        repository: request.repository,
        pullRequest: number,
        head: subject.head,
      };
      if (serving.isLate === true && (await hasGone(ops, snapshot, own))) {
        return { pullRequests };
      }
      const wanted = await wantedBy(serving, { apps, current, snapshot, workspace, subject, own }, asking.record);
      return { pullRequests, ...wanted };
    },
    message: (plan) => message(plan),
    dryRun,
    ...{ serverUrl: context.serverUrl, runUrl: context.runUrl, wait: undefined },
    // Known once the run has been read.
    get own() {
      return own;
    },
  };
}

/** What the preview is for, by what GitHub says. @throws Error for people where the run may not ask for it */
function subjectOf(
  request: PreviewRequest,
  { run }: Asking,
  record: RequestRecord,
  pull: AppsRepository['pullRequests'][number] | undefined,
): Subject {
  const against = pull === undefined ? whyNotForRun(run, record, request) : whyNotForPull(run, record, pull, request);
  if (against !== undefined) {
    throw refusal(`run ${run.id} of ${request.repository} ${against}.`);
  }
  return pull === undefined
    ? { run: runSubject(String(run.id), String(run.run_attempt)), head: run.head_sha }
    : { pullRequest: pull.number, head: pull.headOid };
}

/** @throws Error where the repository says that it is of another workspace than the policy says */
function workspaceOf(
  { repository }: PreviewRequest,
  { workspace }: AppsRepository,
  { sharing }: OpsSnapshot,
): string | undefined {
  const known = workspaceOfSource(repository, workspace, sharing);
  if (known !== workspace) {
    throw refusal(
      `${repository} is of the workspace ${known ?? 'none'} by "guests" of the policy, and says "workspace: ${workspace ?? ''}" itself. Correct its ostack.yaml.`,
    );
  }
  return known;
}

/** Whether a preview was there at that commit, and was removed since: by a person, or because its time was over. */
async function hasGone(ops: Connected, { tree, previews }: OpsSnapshot, { name, head }: OwnPreview): Promise<boolean> {
  const { records } = await readRecords(tree);
  if (records.some((record) => record.name === name)) {
    return false;
  }
  const last = await lastRecord(ops, previews.branch, name);
  return last?.record.head === head;
}

interface Wanting {
  apps: Connected;
  current: AppsRepository;
  snapshot: OpsSnapshot;
  workspace: string | undefined;
  subject: Subject;
  own: OwnPreview;
}

/** What is to become of the preview. @throws Error for people where the policy is against it */
async function wantedBy(
  { forkLabel }: Serving,
  { apps, current, snapshot, workspace, subject, own }: Wanting,
  { images, affected }: RequestRecord,
): Promise<Pick<ReconcileRequest, 'requested' | 'remove'>> {
  const changed = changedApps(images, affected, (app) => appInOps(app, workspace, snapshot.sharing));
  if (changed.length === 0) {
    // A pull request that no longer changes an app needs no preview, and neither does a run that says so.
    return { remove: [own] };
  }
  const { forks } = snapshot.previews;
  const asked = await requestedSubject(subject, { apps, current, forks, forkLabel });
  const requested = { ...asked, workspace, repository: own.repository, apps: changed };
  const problem = await askProblem(snapshot, own.repository, requested);
  if (problem !== undefined) {
    throw refusal(problem);
  }
  return { requested };
}
