import { posix } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { deployedIn } from '../../carriers/deployed.js';
import { appBases } from '../../overlays/app-bases.js';
import type { AppOverlay } from '../../overlays/app-overlay.js';
import { type AppPatch, appPatches } from '../../overlays/app-patches.js';
import type { TreeReader } from '../../tree/tree-reader.js';
import { modelOf } from '../../yaml/model.js';
import { parseYaml } from '../../yaml/parse.js';

/** A patch in one environment, with its text. */
export interface PatchAt extends AppPatch {
  environment: string;
  text: string;
}

/** What all environments have in common, and why the rest is not. */
export interface SharedPatches {
  /** By intent: the same patch in every environment. */
  shared: Map<string, PatchAt[]>;
  /** By intent: why a patch stays where it is, a sentence. */
  others: Map<string, string>;
}

/**
 * Which patches of an app say the same in every environment that has it. Never one whose name starts with `_`, and never
 * one that carries a version: releases and promotions set that in each environment.
 *
 * @param places the app's places in all environments that have it
 * @throws Error where a kustomization or a patch is no valid YAML
 */
export async function sharedPatches(
  tree: TreeReader,
  places: readonly AppOverlay[],
  app: string,
): Promise<SharedPatches> {
  const all = (await Promise.all(places.map((place) => readPatches(tree, place)))).flat();
  const shared = new Map<string, PatchAt[]>();
  const others = new Map<string, string>();
  for (const intent of new Set(all.map((patch) => patch.intent))) {
    const found = all.filter((patch) => patch.intent === intent);
    const reason = reasonToStay(found, places, app);
    if (reason === undefined) {
      shared.set(intent, found);
    } else {
      others.set(intent, reason);
    }
  }
  return { shared, others };
}

async function readPatches(tree: TreeReader, place: AppOverlay): Promise<PatchAt[]> {
  const patches = appPatches(place);
  const texts = await Promise.all(patches.map(({ path }) => tree.read(path)));
  return patches.flatMap((patch, index) => {
    const text = texts[index];
    return text === undefined ? [] : [{ ...patch, environment: place.environment, text }];
  });
}

function reasonToStay(found: readonly PatchAt[], places: readonly AppOverlay[], app: string): string | undefined {
  const [first] = found;
  if (first === undefined || first.environmentOnly) {
    return 'its name starts with "_", so it belongs to its environment';
  }
  const missing = places.filter(({ environment }) => found.every((patch) => patch.environment !== environment));
  if (missing.length > 0) {
    return `it is not in ${missing.map(({ environment }) => environment).join(', ')}`;
  }
  const { targets, pinned } = deployedIn([first], app);
  if (targets.length + pinned.length > 0) {
    return 'it carries a version, which every environment has for itself';
  }
  const different = found.filter((patch) => !saysTheSame(first, patch));
  return different.length === 0
    ? undefined
    : `${different.map(({ path }) => path).join(', ')} ${different.length === 1 ? 'differs' : 'differ'} from ${first.path}`;
}

/** Comments, spelling and order of keys say nothing; what stands beside the reference does. */
function saysTheSame(one: PatchAt, other: PatchAt): boolean {
  return isDeepStrictEqual(values(one), values(other)) && isDeepStrictEqual(one.otherFields, other.otherFields);
}

function values({ path, text }: PatchAt) {
  const source = parseYaml(text, path);
  return source.documents.map((document) => modelOf(source, document));
}

/**
 * The folder that all places take the app from.
 *
 * @throws Error where there is none, several, or one in another repository
 */
export function commonBase(places: readonly AppOverlay[], app: string): string {
  const bases = places.map((place) => ({ place, ...appBases(place, app) }));
  const remote = bases.find((each) => each.remote.length > 0 && each.folders.length === 0);
  if (remote !== undefined) {
    throw new Error(
      `${app} is built upon ${remote.remote.join(', ')}, another repository (${remote.place.kustomization.path}). ` +
        'Make the change there, release it, and take the patches away when every environment has the release.',
    );
  }
  const folders = [...new Set(bases.flatMap((each) => each.folders))];
  const [base] = folders;
  const apart = bases.find((each) => each.folders.length !== 1);
  if (base === undefined || folders.length > 1 || apart !== undefined) {
    const found = bases.map(({ place, folders: own }) => `${place.environment}: ${own.join(' and ') || 'none'}`);
    throw new Error(`Expected every environment to build ${app} upon one folder, found ${found.join(', ')}.`);
  }
  return posix.normalize(base);
}
