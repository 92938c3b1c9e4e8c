import { posix } from 'node:path';
import { didYouMean } from '../../../config/nearest.js';
import type { OverlayFile } from '../../carriers/overlay-file.js';
import { addReference, removeReference } from '../../kustomize/edit-references.js';
import { readKustomization } from '../../kustomize/kustomization.js';
import { withoutExtension } from '../../kustomize/manifest-path.js';
import { references } from '../../kustomize/references.js';
import { appBases } from '../../overlays/app-bases.js';
import { type AppOverlay, appOverlaysOf } from '../../overlays/app-overlay.js';
import { environmentsOf } from '../../overlays/environments.js';
import type { Layout } from '../../overlays/layout.js';
import { asRefusal } from '../../pull-requests/as-refusal.js';
import type { Planned } from '../../pull-requests/planned.js';
import type { TreeReader } from '../../tree/tree-reader.js';
import { commonBase } from './common-base.js';
import { proveUnchanged } from './proof.js';
import { type PatchAt, sharedPatches } from './shared-patches.js';

/** A request to move patches into an app's base. */
export interface LiftRequest {
  app: string;
  /** The patches, by their file names without the ending; empty for all that every environment shares. */
  intents: readonly string[];
}

/** A plan, with what its pull request says of it. */
export type LiftPlan = Planned & {
  /** Names of the patches that move. */
  lifted?: string[];
  /** The environments that have the app. */
  environments?: string[];
};

/**
 * Plans moving patches that every environment shares into the app's base: the patch is added to the base, its files and
 * references in the environments are removed. Refused unless every environment renders to the same before and after; a
 * refusal is the plan's error.
 *
 * @throws what a failed request throws
 */
export async function planLift(tree: TreeReader, layout: Layout, request: LiftRequest): Promise<LiftPlan> {
  let lifted: string[] = [];
  let environments: string[] = [];
  const planned = await asRefusal(async () => {
    const overlays = await allOverlays(tree, layout, request.app);
    environments = [...new Set(overlays.map(({ environment }) => environment))];
    const base = await readBase(tree, commonBase(overlays, request.app));
    const { shared, others } = await sharedPatches(tree, overlays, request.app);
    const chosen = choose(shared, others, base, request);
    lifted = [...chosen.keys()];
    if (chosen.size === 0) {
      const none = `no patch of ${request.app} is the same in every environment`;
      return { state: 'nothing', reason: request.intents.length === 0 ? none : `${base.folder} already has it` };
    }
    const draft = await movePatches(tree, overlays, chosen, base);
    await proveUnchanged(tree, draft.change, overlays);
    return { state: 'change', ...draft };
  });
  return { ...planned, lifted, environments };
}

async function allOverlays(tree: TreeReader, layout: Layout, app: string): Promise<AppOverlay[]> {
  const environments = await environmentsOf(tree, layout, app);
  const found = await Promise.all(environments.map((environment) => appOverlaysOf(tree, layout, environment, app)));
  const overlays = found.flat();
  const [first] = overlays;
  if (first === undefined) {
    throw new Error(`No environment has a kustomization with ${app}. Looked in: ${environments.join(', ') || 'none'}.`);
  }
  if (areOfSeveralApps(overlays, app)) {
    const templates = new Set(overlays.map(({ template }) => template));
    throw new Error(`${app} is in ${[...templates].join(' and ')}: two apps of one name cannot be distinguished.`);
  }
  if (overlays.length === 1) {
    throw new Error(
      `${app} is in ${first.environment} only, so there is nothing to share. Run lift again when another environment has it too.`,
    );
  }
  return overlays;
}

/** Whether two places in the repository have each a base of their own for the app. Clusters of an environment build on the same one. */
function areOfSeveralApps(overlays: readonly AppOverlay[], app: string): boolean {
  const folders = [...new Set(overlays.map(({ template }) => template))].map((template) => {
    const own = overlays.filter((overlay) => overlay.template === template);
    return JSON.stringify([...new Set(own.flatMap((overlay) => appBases(overlay, app).folders))].sort());
  });
  return new Set(folders).size > 1;
}

/** The folder that patches move into. */
interface Base {
  folder: string;
  kustomization: OverlayFile;
}

async function readBase(tree: TreeReader, folder: string): Promise<Base> {
  const kustomization = await readKustomization(tree, folder);
  if (kustomization === undefined) {
    throw new Error(
      `${folder} has no kustomization, so it cannot have patches of its own. Add ${folder}/kustomization.yaml.`,
    );
  }
  return { folder, kustomization };
}

/** The shared patches to move: all, or those that the request names without what the base already has. */
function choose(
  shared: ReadonlyMap<string, PatchAt[]>,
  others: ReadonlyMap<string, string>,
  { kustomization }: Base,
  { app, intents }: LiftRequest,
): ReadonlyMap<string, PatchAt[]> {
  const named = intents.map((intent) => withoutExtension(intent));
  const inBase = references(kustomization.text, kustomization.path).filter(({ list }) => list === 'patches');
  const isInBase = (intent: string) =>
    inBase.some(({ path }) => namesOf(intent, posix.extname(path)).includes(posix.basename(path)));
  const problems = named.flatMap((intent) => {
    const reason = others.get(intent);
    if (reason !== undefined) {
      return [`The patch "${intent}" of ${app} stays in its environments: ${reason}.`];
    }
    const known = [...shared.keys(), ...others.keys()];
    return shared.has(intent) || isInBase(intent)
      ? []
      : [
          `There is no patch "${intent}" of ${app} in any environment.${didYouMean(intent, known)} ` +
            `It has: ${known.join(', ') || 'none'}.`,
        ];
  });
  if (problems.length > 0) {
    throw new Error(problems.join('\n'));
  }
  return named.length === 0 ? shared : new Map([...shared].filter(([intent]) => named.includes(intent)));
}

/** Names that a patch may get in the base, by preference: its own, or another where a manifest has that name. */
function namesOf(intent: string, ending: string): string[] {
  return [`${intent}${ending}`, `${intent}-patch${ending}`, `patch-${intent}${ending}`];
}

/** The files after the move. */
async function movePatches(
  tree: TreeReader,
  overlays: readonly AppOverlay[],
  chosen: ReadonlyMap<string, readonly PatchAt[]>,
  { folder: base, kustomization }: Base,
) {
  const before = new Map(
    [kustomization, ...overlays.map((overlay) => overlay.kustomization)].map((f) => [f.path, f.text]),
  );
  const files = new Map(before);
  const deletions: string[] = [];
  for (const found of chosen.values()) {
    const [first] = found;
    if (first === undefined) {
      continue;
    }
    const target = await freePath(tree, base, first);
    files.set(target, first.text);
    const text = files.get(kustomization.path) ?? '';
    const reference = posix.relative(base, target);
    files.set(
      kustomization.path,
      addReference(text, 'patches', reference, kustomization.path, { otherFields: first.otherFields }),
    );
    for (const patch of found) {
      const { path } = patch.overlay.kustomization;
      files.set(path, removeReference(files.get(path) ?? '', 'patches', patch.reference, path));
      before.set(patch.path, patch.text);
      deletions.push(patch.path);
    }
  }
  const changed = [...files].filter(([path, text]) => before.get(path) !== text);
  return { change: { files: new Map(changed), deletions }, before };
}

async function freePath(tree: TreeReader, base: string, { path, intent }: PatchAt): Promise<string> {
  const names = new Set(((await tree.list(base)) ?? []).map(({ name }) => name));
  const candidates = namesOf(intent, posix.extname(path));
  const free = candidates.find((name) => !names.has(name));
  if (free === undefined) {
    throw new Error(`${base} has ${candidates.join(', ')} already: rename one of them, so that a name is free.`);
  }
  return `${base}/${free}`;
}
