import { isDeepStrictEqual } from 'node:util';
import { deployedIn } from '../../carriers/deployed.js';
import type { AppOverlay } from '../../overlays/app-overlay.js';
import { type AppPatch, appPatches } from '../../overlays/app-patches.js';
import type { TreeReader } from '../../tree/tree-reader.js';
import { modelOf } from '../../yaml/model.js';
import { parseYaml } from '../../yaml/parse.js';

/** A patch in one overlay, with its text. */
export interface PatchAt extends AppPatch {
  overlay: AppOverlay;
  text: string;
}

/** The patches of an app: those that all environments share, and why the others are not shared. */
export interface SharedPatches {
  /** By intent: the same patch in every environment. */
  shared: Map<string, PatchAt[]>;
  /** By intent: why a patch stays where it is, a sentence. */
  others: Map<string, string>;
}

/**
 * Reads which patches of an app are the same in every environment that has it. A patch whose name starts with `_` is never
 * shared, and neither is one that carries a version: releases and promotions set that in each environment.
 *
 * @param overlays the kustomizations that take the app in, of all environments that have it
 * @throws Error where a kustomization or a patch is no valid YAML
 */
export async function sharedPatches(
  tree: TreeReader,
  overlays: readonly AppOverlay[],
  app: string,
): Promise<SharedPatches> {
  const all = (await Promise.all(overlays.map((overlay) => readPatches(tree, overlay)))).flat();
  const shared = new Map<string, PatchAt[]>();
  const others = new Map<string, string>();
  for (const intent of new Set(all.map((patch) => patch.intent))) {
    const found = all.filter((patch) => patch.intent === intent);
    const reason = reasonToStay(found, overlays, app);
    if (reason === undefined) {
      shared.set(intent, found);
    } else {
      others.set(intent, reason);
    }
  }
  return { shared, others };
}

async function readPatches(tree: TreeReader, overlay: AppOverlay): Promise<PatchAt[]> {
  const patches = appPatches(overlay);
  const texts = await Promise.all(patches.map(({ path }) => tree.read(path)));
  return patches.flatMap((patch, index) => {
    const text = texts[index];
    return text === undefined ? [] : [{ ...patch, overlay, text }];
  });
}

function reasonToStay(found: readonly PatchAt[], overlays: readonly AppOverlay[], app: string): string | undefined {
  const [first] = found;
  if (first === undefined || first.environmentOnly) {
    return 'its name starts with "_", so it belongs to its environment';
  }
  const missing = overlays.filter((overlay) => found.every((patch) => patch.overlay !== overlay));
  if (missing.length > 0) {
    return `it is not in ${missing.map((overlay) => nameOf(overlay, overlays)).join(', ')}`;
  }
  const { targets, pinned } = deployedIn([first], app);
  if (targets.length + pinned.length > 0) {
    return 'it carries a version, and each environment has its own';
  }
  const different = found.filter((patch) => !isSame(first, patch));
  return different.length === 0
    ? undefined
    : `${different.map(({ path }) => path).join(', ')} ${different.length === 1 ? 'differs' : 'differ'} from ${first.path}`;
}

/** An environment may have an app in several clusters, which their folders tell apart. */
function nameOf({ environment, folder }: AppOverlay, overlays: readonly AppOverlay[]): string {
  return overlays.filter((other) => other.environment === environment).length > 1 ? folder : environment;
}

/** Compares values and the options of the reference; comments, spelling and order of keys do not count. */
function isSame(one: PatchAt, other: PatchAt): boolean {
  return isDeepStrictEqual(values(one), values(other)) && isDeepStrictEqual(one.otherFields, other.otherFields);
}

function values({ path, text }: PatchAt) {
  const source = parseYaml(text, path);
  return source.documents.map((document) => modelOf(source, document));
}
