import type { DeployingObject } from '../overlays/layout.js';
import { type Layout, ownTemplates } from '../overlays/layout.js';
import { overlayOfPath } from '../overlays/overlay-path.js';
import type { AppPolicy } from '../policy/overlay-policy.js';
import { cutProblem, patternsOfCut, unlookedProblem } from './cut-objects.js';
import {
  chartValuesIn,
  type Deployment,
  type Deployments,
  deploymentsOf,
  type EnvironmentNames,
  environmentIn,
  expandedFolders,
  type FoundFolder,
  foldersIn,
  ownFolders,
} from './deployments.js';
import { deployingObjects } from './find-deploying-objects.js';
import { fitOf } from './fits-shape.js';
import { isOfOneApp, layoutOfDeployments, withCarriers } from './layout-of-deployments.js';
import { objectCarriers } from './object-carriers.js';
import type { ObjectFiles } from './object-files.js';
import type { Sketch } from './sketch.js';

/** What the reconcilers' objects say of where overlays are. */
export interface ToldPlaces {
  /** That of the tree's shape where they say nothing else; `undefined` where neither tells. */
  layout: Layout | undefined;
  /** Folders that are deployed, and nothing says into which environment. */
  unknown: Deployments['unknown'];
}

/** What the policy says, where it does not say where overlays are. */
interface Said {
  environments: readonly string[] | undefined;
  apps: ReadonlyMap<string, AppPolicy>;
}

/**
 * Says where overlays are by what the clusters deploy, and by what carries versions in the objects that deploy it. Where that
 * is what the shape of the tree says too, the shape stands: it may have what no object deploys yet.
 *
 * @param files the objects that were found
 * @param shaped the layout by the tree's shape; `undefined` where it tells none
 * @throws UnclearLayout where there are more objects than are read, and those that were fit into no pattern; what a failed
 *   request throws. Looking at deployed folders that the shape does not know takes one request, and one more for each `*`
 */
export async function placesOfObjects(
  sketch: Sketch,
  files: ObjectFiles,
  policy: Said,
  shaped: Layout | undefined,
): Promise<ToldPlaces> {
  const names: EnvironmentNames = {
    declared: policy.environments,
    shaped: (path) => (shaped === undefined ? undefined : environmentByShape(shaped, path)),
  };
  const folders = await expandedFolders(sketch, foldersIn(files));
  const found = objectCarriers(files, names, (path) => sketch.isThere(path));
  const deploying = folders.filter(({ path }) => sketch.isThere(path)).map(({ file }) => file);
  const shape = shaped && withoutObjects(shaped, new Set(deploying), found);
  const { layout, unknown, deployed, unlooked } = await layoutOfFolders(sketch, folders, policy, shape, names);
  const deployedBy = deployingObjects([...folders, ...chartValuesIn(files)], files, layout ?? NOTHING);
  const isKnown = (carrier: Deployment) =>
    layout !== undefined &&
    (overlayOfPath(layout, carrier.path)?.environment === carrier.environment ||
      deployedBy.some((object) => object.file === carrier.path && isOverlayOf(layout, object, carrier)));
  const carriers = found.filter((each) => policy.apps.get(each.app)?.overlay === undefined && !isKnown(each));
  if (layout === undefined && carriers.length === 0) {
    return { layout: shaped, unknown };
  }
  const before = layout ?? { templates: [], environments: [], apps: policy.apps };
  const { patterns, others } = patternsOfCut(files, carriers, names);
  const templates = [...before.templates, ...patterns];
  const environments = policy.environments ?? withMore(before.environments, carriers);
  const after = { ...withCarriers({ ...before, templates }, others, names), environments, deployedBy };
  const problem =
    shaped === undefined
      ? (cutProblem(files, [...deployed, ...others], after) ?? unlookedProblem(unlooked, after, names))
      : undefined;
  if (problem !== undefined) {
    throw problem;
  }
  return { layout: after, unknown };
}

const NOTHING: Layout = { templates: [] };

/** Whether an object deploys the overlay of an app, so that what it says is read with that. */
function isOverlayOf(
  layout: Layout,
  { path, values }: DeployingObject,
  { app, environment, isByName = false }: Deployment,
): boolean {
  return [path, `${path}/${app}`, ...values].some((each) => {
    const overlay = path === '' ? undefined : overlayOfPath(layout, each);
    // Of a kustomization of several apps, an object that is called as none of its images is has no app of its own.
    return overlay?.environment === environment && (overlay.app === app || (overlay.app === '' && isByName));
  });
}

/** Environments with those that carriers are of; `undefined` stays, because every folder in their place is one. */
function withMore(environments: Layout['environments'], carriers: readonly Deployment[]): Layout['environments'] {
  return environments === undefined || carriers.length === 0
    ? environments
    : [...new Set([...environments, ...carriers.map(({ environment }) => environment)])].sort();
}

/**
 * The shape of a tree without the templates that take objects for apps: those that only deploy folders of this repository,
 * and those that carry the version of another app.
 */
function withoutObjects(
  shaped: Layout,
  deploying: ReadonlySet<string>,
  carriers: readonly Deployment[],
): Layout | undefined {
  const carrying = new Map(carriers.map(({ path, app }) => [path, app]));
  const isTaken = (template: string, file: string) => {
    const overlay = overlayOfPath({ ...shaped, templates: [template], apps: undefined }, file);
    const app = carrying.get(file);
    return (
      overlay !== undefined && (app === undefined ? deploying.has(file) : overlay.app !== '' && overlay.app !== app)
    );
  };
  const files = [...deploying, ...carrying.keys()];
  const templates = shaped.templates.filter((template) => !files.some((file) => isTaken(template, file)));
  return templates.length === 0 && shaped.templates.length > 0 ? undefined : { ...shaped, templates };
}

/** What the folders that are deployed come to. */
async function layoutOfFolders(
  sketch: Sketch,
  folders: readonly FoundFolder[],
  policy: Said,
  shaped: Layout | undefined,
  names: EnvironmentNames,
): Promise<ToldPlaces & { deployed: readonly Deployment[]; unlooked: readonly FoundFolder[] }> {
  const fits = ({ deployed }: Deployments) =>
    deployed.map((each) => shaped && fitOf(shaped, each, isNamed(each, names), isOfOneApp(sketch, each)));
  const agrees = (claims: Deployments) => fits(claims).every((fit) => fit === 'named' || fit === 'open');
  if (shaped !== undefined && agrees(deploymentsOf(folders, names))) {
    return { layout: shaped, unknown: [], deployed: [], unlooked: [] };
  }
  const { folders: own, unlooked } = await ownFolders(sketch, folders);
  const told = deploymentsOf(own, names);
  const { deployed, unknown } = told;
  if (agrees(told)) {
    return { layout: shaped, unknown, deployed: [], unlooked: [] };
  }
  const environments = policy.environments ?? [...new Set(deployed.map(({ environment }) => environment))].sort();
  if (unknown.length > deployed.length) {
    return { layout: shaped, unknown, deployed: [], unlooked: [] }; // Most have no environment by their names: the others have one by chance.
  }
  const found = fits(told);
  if (shaped === undefined || !found.includes('named') || found.includes('taken')) {
    const layout = layoutOfDeployments(sketch, deployed, names, policy.apps);
    const isEmpty = layout.templates.length + (layout.places?.size ?? 0) + (layout.apps?.size ?? 0) === 0;
    return { layout: isEmpty ? shaped : { ...layout, environments }, unknown, deployed, unlooked };
  }
  const others = deployed.filter((_, index) => found[index] === 'other');
  const rest = withoutOthers(shaped, others, policy);
  const more = layoutOfDeployments(sketch, others, names, rest.apps ?? policy.apps);
  return { layout: joined(rest, { ...more, environments }), unknown, deployed: others, unlooked };
}

/** The shape of a tree without what it takes for another environment than the one that a cluster deploys it into. */
function withoutOthers(shaped: Layout, others: readonly Deployment[], policy: Said): Layout {
  const wrong = (template: string) =>
    others.flatMap(({ path, environment }) => {
      const own = overlayOfPath({ ...shaped, templates: [template], apps: undefined }, path)?.environment;
      return own === undefined || own === environment ? [] : [own];
    });
  const isWrong = (template: string | undefined) => template !== undefined && wrong(template).length > 0;
  const all = [...shaped.templates, ...ownTemplates(shaped).map(({ template }) => template)];
  const gone = new Set(all.flatMap(wrong));
  return {
    ...shaped,
    templates: shaped.templates.filter((template) => !isWrong(template)),
    environments: shaped.environments?.filter((name) => !gone.has(name)),
    apps: new Map([...(shaped.apps ?? [])].filter(([app, { overlay }]) => policy.apps.has(app) || !isWrong(overlay))),
  };
}

function isNamed({ path, environment }: Deployment, names: EnvironmentNames): boolean {
  const isOf = (name: string) =>
    (environmentIn(name, { ...names, declared: [environment] }) ?? environmentIn(name, names)) !== undefined;
  return path.split('/').some(isOf);
}

/** A layout with what another one has in addition. */
function joined(one: Layout, other: Layout): Layout {
  const environments = one.environments && [...new Set([...one.environments, ...(other.environments ?? [])])];
  return {
    ...one,
    templates: [...new Set([...one.templates, ...other.templates])],
    environments,
    apps: other.apps,
    places: new Map([...(one.places ?? []), ...(other.places ?? [])]),
  };
}

/** The environment that a folder is in by the shape of the tree. */
function environmentByShape(layout: Layout, path: string): string | undefined {
  return overlayOfPath(layout, path)?.environment ?? overlayOfPath(layout, `${path}/any`)?.environment;
}
