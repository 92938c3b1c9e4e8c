import { posix } from 'node:path';
import { didYouMean } from '../../../config/nearest.js';
import type { OverlayFile } from '../../carriers/find.js';
import { addReference, references, removeReference } from '../../kustomize/kustomization-edit.js';
import { readKustomization } from '../../kustomize/read-kustomization.js';
import { type AppOverlay, appOverlaysOf } from '../../overlays/app-overlay.js';
import { environmentsOf, type Layout } from '../../overlays/layout.js';
import { asRefusal } from '../../pull-requests/as-refusal.js';
import type { Planned } from '../../tree/planned.js';
import type { TreeReader } from '../../tree/tree-reader.js';
import { proveUnchanged } from './proof.js';
import { commonBase, type PatchAt, sharedPatches } from './shared.js';

/** What is to move into the base. */
export interface LiftRequest {
  app: string;
  /** What the patches are about; empty for all that every environment shares. */
  intents: readonly string[];
}

/** A plan with what it is about. */
export type LiftPlan = Planned & { lifted?: string[]; environments?: string[] };

/**
 * Plans the move of patches that every environment shares into the app's base: the patch becomes the base's own, its files
 * and references in the environments go. What every environment comes to stays the same, or it is refused.
 *
 * @throws what a failed request throws
 */
export async function planLift(tree: TreeReader, layout: Layout, request: LiftRequest): Promise<LiftPlan> {
  let lifted: string[] = [];
  let environments: string[] = [];
  const planned = await asRefusal(async () => {
    const places = await allPlaces(tree, layout, request.app);
    environments = places.map(({ environment }) => environment);
    const base = await readBase(tree, commonBase(places, request.app));
    const { shared, others } = await sharedPatches(tree, places, request.app);
    const chosen = choose(shared, others, base, request);
    lifted = [...chosen.keys()];
    if (chosen.size === 0) {
      const none = `no patch of ${request.app} is the same in every environment`;
      return { state: 'nothing', reason: request.intents.length === 0 ? none : `it is in ${base.folder} already` };
    }
    const draft = await movePatches(tree, places, chosen, base);
    await proveUnchanged(tree, draft.change, places);
    return { state: 'change', ...draft };
  });
  return { ...planned, lifted, environments };
}

async function allPlaces(tree: TreeReader, layout: Layout, app: string): Promise<AppOverlay[]> {
  const environments = await environmentsOf(tree, layout, app);
  const found = await Promise.all(environments.map((environment) => appOverlaysOf(tree, layout, environment, app)));
  const places = found.flat();
  const [first] = places;
  if (first === undefined) {
    throw new Error(`No environment has a kustomization with ${app}. Looked in: ${environments.join(', ') || 'none'}.`);
  }
  const templates = new Set(places.map(({ template }) => template));
  if (templates.size > 1) {
    throw new Error(`${app} is in ${[...templates].join(' and ')}: two apps of one name cannot be told apart.`);
  }
  if (places.length === 1) {
    throw new Error(
      `${app} is in ${first.environment} only, so nothing of it is shared. Lift when another environment has it too.`,
    );
  }
  return places;
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

/** The shared patches that are wanted: all, or those named but for what is in the base already. */
function choose(
  shared: ReadonlyMap<string, PatchAt[]>,
  others: ReadonlyMap<string, string>,
  { kustomization }: Base,
  { app, intents }: LiftRequest,
): ReadonlyMap<string, PatchAt[]> {
  const wanted = intents.map((intent) => intent.replace(/\.(ya?ml|json)$/, ''));
  const inBase = references(kustomization.text, kustomization.path).filter(({ list }) => list === 'patches');
  const isThere = (intent: string) =>
    inBase.some(({ path }) => namesOf(intent, posix.extname(path)).includes(posix.basename(path)));
  const problems = wanted.flatMap((intent) => {
    const reason = others.get(intent);
    if (reason !== undefined) {
      return [`The patch "${intent}" of ${app} stays in its environments: ${reason}.`];
    }
    const known = [...shared.keys(), ...others.keys()];
    return shared.has(intent) || isThere(intent)
      ? []
      : [
          `There is no patch "${intent}" of ${app} in any environment.${didYouMean(intent, known)} ` +
            `It has: ${known.join(', ') || 'none'}.`,
        ];
  });
  if (problems.length > 0) {
    throw new Error(problems.join('\n'));
  }
  return wanted.length === 0 ? shared : new Map([...shared].filter(([intent]) => wanted.includes(intent)));
}

/** Names that a lifted patch may have in the base: its own, or one that is free where a manifest has that name. */
function namesOf(intent: string, ending: string): string[] {
  return [`${intent}${ending}`, `${intent}-patch${ending}`, `patch-${intent}${ending}`];
}

/** The files after the move. */
async function movePatches(
  tree: TreeReader,
  places: readonly AppOverlay[],
  chosen: ReadonlyMap<string, readonly PatchAt[]>,
  { folder: base, kustomization }: Base,
) {
  const before = new Map([kustomization, ...places.map((place) => place.kustomization)].map((f) => [f.path, f.text]));
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
      addReference(text, 'patches', reference, kustomization.path, { beside: first.beside }),
    );
    for (const patch of found) {
      const place = places.find(({ environment }) => environment === patch.environment);
      const path = place?.kustomization.path ?? '';
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
    throw new Error(`${base} has ${candidates.join(', ')} already: rename one of them, so that the patch has a place.`);
  }
  return `${base}/${free}`;
}
