import { nameOf } from '../../../github/connected.js';
import { attempt } from '../../../github/errors.js';
import { targetName } from '../../carriers/target.js';
import { withAllApps, withClusters } from '../../layouts/named-apps.js';
import { siblingPaths } from '../../overlays/builds-on.js';
import { environmentsOf } from '../../overlays/environments.js';
import type { Layout } from '../../overlays/layout.js';
import { likelyGatherers, likelyPaths } from '../../overlays/likely-paths.js';
import { activeHold } from '../../policy/holds.js';
import { labelsFor } from '../../pull-requests/survey.js';
import { type AppsFacts, namesInOps } from '../../releases/apps-facts.js';
import { branchOf } from '../../releases/release-pull-request.js';
import type { Snapshot } from '../../repository/snapshot.js';
import { sharingOf } from '../../repository/workspaces.js';
import { type AbsentApp, absentApps } from './absent-apps.js';
import { type AppBump, subjectOf } from './app-bump.js';
import { chooseEnvironments } from './environments.js';
import type { OverlayPlan } from './overlay-plan.js';
import { planOverlay } from './plan-overlay.js';
import { type BumpProposal, bumpProposal, labelsOf, mergingOf, type PlannedBump } from './proposal.js';
import type { BumpRequest } from './request.js';
import { targetsOf } from './targets.js';

/** What the apps repository tells; without one, `settings` is `undefined` and there are no releases. */
export type Facts = Pick<AppsFacts, 'releases'> & { settings: AppsFacts['settings'] | undefined };

/**
 * The proposals of one snapshot: one for each app and environment. What they read takes one request, whatever their number.
 *
 * @param isOpen which subjects are still to be done
 * @param isFirst whether it is the first snapshot of the run: then something must carry an app in one environment at least
 * @throws Error where a name or an environment is wrong, or nothing tells what the apps are called in ops
 */
export async function prepareBumps(
  snapshot: Snapshot,
  request: BumpRequest,
  facts: Facts,
  isOpen: (subject: string) => boolean,
  isFirst: boolean,
): Promise<BumpProposal[]> {
  const { layout, holds, now } = snapshot;
  const { bumps, named: areNamed } = await bumpsOf(snapshot, request, facts);
  const open = bumps.filter((bump) => isOpen(subjectOf(bump)));
  const operation = { doing: 'read the files', repository: nameOf(snapshot.ops), permission: 'contents: read' };
  const names = [...new Set(bumps.map(({ environment }) => environment))];
  const asked = new Set<string>();
  await snapshot.readAhead(
    open.map((bump) => ({
      branch: bump.branch,
      paths: pathsOf(snapshot, bump, names, asked),
      labels: labelsFor(snapshot, { ...mergingOf(snapshot, request, bump), labels: labelsOf(request, bump) }),
    })),
  );
  const overlays = await attempt(operation, () =>
    Promise.all(open.map((bump) => planOverlay(snapshot.tree, layout, bump, targetsOf(bump, facts.releases)))),
  );
  const named = await attempt(operation, () => appsNamed(snapshot, open, overlays));
  if (named !== layout) {
    return prepareBumps({ ...snapshot, layout: named }, request, facts, isOpen, isFirst);
  }
  const present = new Set(open.flatMap(({ target }, index) => (overlays[index]?.plan === undefined ? [] : target.app)));
  const absent = isFirst
    ? await attempt(operation, () => absentApps(snapshot, open, overlays))
    : new Map<string, AbsentApp>();
  const planned = open.flatMap((bump, index): PlannedBump[] => {
    const overlay = overlays[index];
    const { environment, target } = bump;
    const hold = activeHold(holds, environment, target.app, now);
    const nowhere = absent.get(target.app);
    const isThere = overlay?.problem?.kind !== 'no-app';
    const mustHave = isThere
      ? areNamed || (isFirst && !present.has(target.app))
      : nowhere !== undefined && nowhere.elsewhere.length > 0;
    const notice = nowhere?.elsewhere.length === 0 ? nowhere.notice : undefined;
    return overlay === undefined ? [] : [{ bump, overlay, notice, rules: { hold, mustHave } }];
  });
  planned.flatMap(notCarried).forEach(snapshot.warn);
  const round = { snapshot, request, releases: facts.releases };
  return planned.map((each) => {
    const ofApp = planned.filter(({ bump }) => bump.target.app === each.bump.target.app);
    return bumpProposal(round, each, ofApp);
  });
}

/**
 * The paths that a bump is read from, and those by which other environments may build on it.
 *
 * @param asked what all apps of an environment share and is asked for already; it is added to
 */
function pathsOf(
  { layout }: Snapshot,
  { environment, target }: AppBump,
  names: readonly string[],
  asked: Set<string>,
): string[] {
  const where = { environment, app: target.app };
  const shared = likelyGatherers(layout, where).filter((path) => !asked.has(path));
  for (const path of shared) {
    asked.add(path);
  }
  return [...likelyPaths(layout, where), ...siblingPaths(layout, where, names), ...shared];
}

/**
 * The layout with clusters, where an app is missing in an environment that has some, and in which apps have their names whose
 * folders have others, where an app is in no environment by its name.
 */
async function appsNamed(
  { tree, layout, policy }: Snapshot,
  bumps: readonly AppBump[],
  overlays: readonly OverlayPlan[],
): Promise<Layout> {
  const isAbsent = (app: string) =>
    bumps.every(({ target }, index) => target.app !== app || overlays[index]?.problem?.kind === 'no-app');
  if (bumps.some(({ target }) => isAbsent(target.app))) {
    return withAllApps(tree, layout, policy);
  }
  return overlays.some(({ problem }) => problem?.kind === 'no-app') ? withClusters(tree, layout, policy) : layout;
}

/** What is asked for: every app for every environment. */
async function bumpsOf(
  snapshot: Snapshot,
  { apps, workspace, environments }: BumpRequest,
  { settings }: Facts,
): Promise<{ bumps: AppBump[]; named: boolean }> {
  const { ops, policy } = snapshot;
  const nameInOps = namesInOps(workspace, settings, sharingOf(policy, snapshot.home), apps[0]?.source.repository ?? '');
  const targets = apps.map((target) => ({
    target: { ...target, app: nameInOps(target.app) },
    nameInApps: target.app,
  }));
  const repository = nameOf(ops);
  const operation = { doing: 'read the files', repository, permission: 'contents: read' };
  const folders = policy.environments.length === 0 ? await attempt(operation, () => foldersOf(snapshot, targets)) : [];
  const { names, named } = chooseEnvironments(environments, policy, folders, repository);
  const bumps = targets.flatMap(({ target, nameInApps }) =>
    names
      .filter((environment) => snapshot.isHere(environment, target.app))
      .map((environment): AppBump => {
        return { environment, target, nameInApps, branch: branchOf(environment, target.app) };
      }),
  );
  return { bumps, named };
}

/** The environments of the apps; where none of them has any, those of all apps. */
async function foldersOf({ tree, layout }: Snapshot, targets: readonly Pick<AppBump, 'target'>[]): Promise<string[]> {
  const found = await Promise.all(targets.map(({ target }) => environmentsOf(tree, layout, target.app)));
  const names = [...new Set(found.flat())];
  return names.length > 0 ? names.sort() : environmentsOf(tree, layout, '');
}

/** Images of the app that nothing in its overlay carries, while something else of it is set there. */
function notCarried({ bump, overlay: { plan } }: PlannedBump): string[] {
  if (plan?.state !== 'change' || plan.carriesBase) {
    return [];
  }
  const missing = plan.missing.filter(({ kind }) => kind !== 'base');
  return missing.map(
    (target) =>
      `Nothing in ${bump.environment} carries ${targetName(target)} of ${bump.target.app}, so it stays as it is there.`,
  );
}
