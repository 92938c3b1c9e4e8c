import { isRequestFailure } from '../../../github/errors.js';
import type { Target } from '../../carriers/carrier.js';
import { overlayCarriers } from '../../carriers/find-carriers.js';
import { noCarrierError } from '../../carriers/no-carrier-error.js';
import { KUSTOMIZATION_NAMES } from '../../kustomize/kustomization.js';
import { isPerApp, type Layout, overlayFolder } from '../../overlays/layout.js';
import { readOverlay } from '../../overlays/overlay.js';
import { findLabel } from '../../repository/labels.js';
import { addAll, type OpsTree } from '../../repository/ops-tree.js';
import { branchHead, type Found, filesAt, openPullRequests, pastPullRequests } from '../../repository/pull-request.js';
import type { RepositoryState } from '../../repository/repository-state.js';
import { CachedTree } from '../../tree/cached-tree.js';
import { githubTree } from '../../tree/github-tree.js';
import type { TreeReader } from '../../tree/tree-reader.js';
import { type Plan, planBump } from './plan.js';
import type { Problem, Survey, Unit } from './unit.js';

/**
 * Looks at one unit: its overlay at the base, its branch and pull requests. All units looked at in one tick, whatever
 * their number, are one request.
 *
 * @param targets what is to be set
 * @param labels names of the labels that the pull request is to have, with `{environment}` and `{app}` in them
 * @throws what a failed request throws; what is wrong with the overlay is part of the survey
 */
export async function surveyUnit(
  tree: OpsTree,
  repo: RepositoryState,
  layout: Layout,
  unit: Unit,
  targets: readonly Target[],
  labels: readonly string[],
): Promise<Survey> {
  const paths = likelyPaths(layout, unit);
  const { reader, base } = tree;
  const [files, head, open, past, found] = await Promise.all([
    reader.load(filesAt(repo.baseOid, paths)),
    reader.load(branchHead(unit.branch, paths)),
    openPullRequests(reader, unit.branch, repo.base),
    pastPullRequests(reader, unit.branch, repo.base),
    Promise.all(labels.map((label) => findLabel(reader, labelFor(label, unit)))),
  ]);
  addAll(base, paths, files);
  const { plan, problem } = await planAt(base, layout, unit, targets);
  const branch =
    head === null
      ? undefined
      : { ...head, plan: await planAtHead(tree, layout, unit, targets, head.commit.oid, paths, head.files) };
  return { unit, plan, problem, branch, open: open[0], past, labels: found };
}

function labelFor(label: string, { environment, target }: Unit): string {
  return label.replaceAll('{environment}', environment).replaceAll('{app}', target.app);
}

async function planAt(
  tree: TreeReader,
  layout: Layout,
  { environment, target, nameInApps }: Unit,
  targets: readonly Target[],
): Promise<{ plan: Plan | undefined; problem: Problem | undefined }> {
  try {
    const overlay = await readOverlay(tree, layout, environment, target.app);
    if (overlay === undefined) {
      const whose =
        nameInApps === target.app ? '' : ` It is ${nameInApps} of ${target.source.repository}, a guest's here.`;
      const message = `There is no app "${target.app}" in ${environment}: expected ${expectedAt(layout, environment, target.app)}.${whose} Add that overlay, or check the app's name.`;
      return { plan: undefined, problem: { kind: 'no-app', message } };
    }
    if (overlayCarriers(overlay.files, targets).length === 0) {
      const { message } = noCarrierError(overlay.files, targets, overlay.folder);
      return { plan: undefined, problem: { kind: 'nothing-carries', message } };
    }
    return { plan: planBump(overlay.files, targets, overlay.folder), problem: undefined };
  } catch (error) {
    if (isRequestFailure(error) || !(error instanceof Error)) {
      throw error;
    }
    return { plan: undefined, problem: { kind: 'broken', message: error.message } };
  }
}

/** Where an app's overlay would be, for messages. */
function expectedAt({ templates }: Layout, environment: string, app: string): string {
  const [first] = templates;
  return first !== undefined && templates.length === 1
    ? overlayFolder(first, environment, app)
    : `${app} among the resources or patches of <group>/overlays/${environment}/kustomization.yaml`;
}

/** The plan on top of a branch; `undefined` where what is on it cannot be used. */
async function planAtHead(
  { reader, github, repository }: OpsTree,
  layout: Layout,
  unit: Unit,
  targets: readonly Target[],
  oid: string,
  paths: readonly string[],
  files: readonly Found[],
): Promise<Plan | undefined> {
  const head = new CachedTree(githubTree(reader, github, repository, oid));
  addAll(head, paths, files);
  return (await planAt(head, layout, unit, targets)).plan;
}

/** What an overlay is read from, in nearly every case: asked for at once instead of round by round. */
function likelyPaths(layout: Layout, { environment, target }: Unit): string[] {
  return layout.templates.flatMap((template) => {
    const folder = overlayFolder(template, environment, target.app);
    return isPerApp(template)
      ? [folder]
      : [...KUSTOMIZATION_NAMES.map((name) => `${folder}/${name}`), `${folder}/${target.app}`];
  });
}
