import { type Connected, nameOf } from '../../github/connected.js';
import { attempt } from '../../github/errors.js';
import { deployedIn } from '../carriers/deployed.js';
import { readOverlay } from '../overlays/overlay.js';
import { failureReason, type Work, writtenOf } from '../pull-requests/work.js';
import { writeWorks } from '../pull-requests/write-works.js';
import { NOBODY } from '../repository/repository-state.js';
import type { Snapshot } from '../repository/snapshot.js';
import { takeSnapshot } from '../repository/snapshot.js';
import type { AppEnvironment } from '../tree/app-environment.js';
import { branchOf, isBumpOf } from './release-pull-request.js';
import { type Superseded, supersededBy } from './superseded.js';

/** A pull request that was closed, with the reason that it was given. */
export interface ClosedPull extends Superseded {
  reason: string;
}

/**
 * Closes the open pull requests of releases that propose what the default branch has already, or something older: what
 * was promoted, for example. One that people pushed to stays theirs.
 *
 * @param spots where to look
 * @returns those that were closed
 * @throws Error when the repository cannot be read
 */
export async function closeSuperseded(
  ops: Connected,
  appEnvironments: readonly AppEnvironment[],
  warn: (message: string) => void,
): Promise<ClosedPull[]> {
  const snapshot = await takeSnapshot(ops, NOBODY, warn);
  const operation = { doing: 'read the pull requests', repository: nameOf(ops), permission: 'pull-requests: read' };
  const found = await attempt(operation, () =>
    Promise.all(appEnvironments.map((appEnvironment) => workFor(snapshot, appEnvironment))),
  );
  const works = new Map(found.flatMap((each) => (each === undefined ? [] : [each])));
  const { github, repository } = ops;
  const execution = {
    ...{ github, repository, repo: snapshot.repo, people: NOBODY, mergeMethod: undefined, warn },
    ...{ patience: { timeoutMs: 0, pollMs: 0 }, noun: 'Superseded', checksBaseAgain: false },
  };
  const executed = await writeWorks(execution, [...works.keys()]);
  return [...works].flatMap(([work, closed]) => {
    const why = failureReason(writtenOf(executed, work));
    if (why === undefined) {
      return [closed];
    }
    warn(`#${closed.number} proposes nothing new and could not be closed (${why}). Close it by hand.`);
    return [];
  });
}

/** What closes the pull request of an app in an environment; `undefined` where there is none to close. */
async function workFor(snapshot: Snapshot, appEnvironment: AppEnvironment): Promise<[Work, ClosedPull] | undefined> {
  const { environment, app } = appEnvironment;
  const branch = branchOf(environment, app);
  const [{ open, head }, overlay] = await Promise.all([
    snapshot.branch(branch),
    readOverlay(snapshot.tree, snapshot.layout, environment, app),
  ]);
  const held = overlay === undefined ? null : deployedIn(overlay.files, app).version;
  const superseded = supersededBy(open, appEnvironment, held);
  if (superseded === undefined || superseded.theirs) {
    return undefined;
  }
  const reason = `${environment} holds ${held === superseded.version ? `${held} already` : `${held}, which is newer`}`;
  const work: Work = {
    ...{ branch, step: { do: 'close', reason }, branchOid: head?.oid, open },
    ...{ change: undefined, onTop: undefined, message: { headline: '', body: '' }, title: '', body: '' },
    ...{ textStays: true, labels: [], merges: false, mergeReason: '' },
    isOurs: (commit) => isBumpOf(appEnvironment, commit),
  };
  return [work, { ...superseded, reason }];
}
