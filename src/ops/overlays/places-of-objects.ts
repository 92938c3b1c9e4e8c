import type { AppPolicy } from '../policy/overlay-policy.js';
import {
  type Deployment,
  type Deployments,
  deploymentsOf,
  type EnvironmentNames,
  environmentIn,
  expandedFolders,
  foldersIn,
  ownFolders,
} from './deployments.js';
import { fitOf } from './fits-shape.js';
import type { Layout } from './layout.js';
import { layoutOfDeployments } from './layout-of-deployments.js';
import type { ObjectFiles } from './object-files.js';
import { overlayOfPath } from './overlay-path.js';
import type { Sketch } from './sketch.js';

/** What the reconcilers' objects say of where overlays are. */
export interface ToldPlaces {
  /** `undefined` where they say nothing that the shape of the tree does not say too. */
  layout: Layout | undefined;
  /** Folders that are deployed, and nothing says into which environment. */
  unknown: Deployments['unknown'];
}

/**
 * Says where overlays are by what the clusters deploy. Where that is what the shape of the tree says too, the shape stands:
 * it may have what no object deploys yet.
 *
 * @param files the objects that were found
 * @param shaped the layout by the tree's shape; `undefined` where it tells none
 * @returns what it takes to look at deployed folders that the shape does not know: one request
 */
export async function placesOfObjects(
  sketch: Sketch,
  files: ObjectFiles,
  policy: { environments: readonly string[] | undefined; apps: ReadonlyMap<string, AppPolicy> },
  shaped: Layout | undefined,
): Promise<ToldPlaces> {
  const names: EnvironmentNames = {
    declared: policy.environments,
    shaped: (path) => (shaped === undefined ? undefined : environmentByShape(shaped, path)),
  };
  const fits = ({ deployed }: Deployments) =>
    deployed.map((each) => shaped && fitOf(shaped, each, isNamed(each, names)));
  const agrees = (claims: Deployments) => fits(claims).every((fit) => fit === 'named' || fit === 'open');
  const folders = await expandedFolders(sketch, foldersIn(files));
  if (agrees(deploymentsOf(folders, names))) {
    return { layout: undefined, unknown: [] };
  }
  const told = deploymentsOf(await ownFolders(sketch, folders), names);
  const { deployed, unknown } = told;
  if (agrees(told)) {
    return { layout: undefined, unknown };
  }
  const environments = policy.environments ?? [...new Set(deployed.map(({ environment }) => environment))].sort();
  const found = fits(told);
  if (shaped === undefined || !found.includes('named') || found.includes('taken')) {
    return { layout: { ...layoutOfDeployments(sketch, deployed, names, policy.apps), environments }, unknown };
  }
  const others = deployed.filter((_, index) => found[index] === 'other');
  const more = layoutOfDeployments(sketch, others, names, shaped.apps ?? policy.apps);
  return { layout: joined(shaped, { ...more, environments }), unknown };
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
