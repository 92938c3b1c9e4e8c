import { posix } from 'node:path';
import { addReference } from '../../kustomize/kustomization-edit.js';
import { leavesOf, type PatchDocument, readPatch } from '../../kustomize/patch.js';
import { type AppOverlay, appOverlaysOf, basesOf, patchesOf } from '../../overlays/app-overlay.js';
import { isPerApp, type Layout } from '../../overlays/layout.js';
import { readManifests } from '../../overlays/manifests.js';
import { asRefusal } from '../../pull-requests/as-refusal.js';
import type { Planned } from '../../tree/planned.js';
import type { TreeReader } from '../../tree/tree-reader.js';

/** What one environment is to have of its own. */
export interface OverrideRequest {
  app: string;
  environment: string;
  /** What it is about, one word or some with hyphens: `replicas`. */
  intent: string;
  /** The strategic merge patch, YAML. */
  patch: string;
}

/**
 * Plans a persistent override: the patch as `_<intent>.yaml` in one environment, and a reference to it. The leading `_`
 * keeps it there: it is never promoted.
 *
 * @throws what a failed request throws
 */
export function planOverride(tree: TreeReader, layout: Layout, request: OverrideRequest): Promise<Planned> {
  return asRefusal(async () => {
    const { app, environment, intent } = request;
    const documents = readPatch(request.patch, 'Input "patch"');
    const places = await appOverlaysOf(tree, layout, environment, app);
    const place = await placeFor(tree, places, documents, request);
    const path = `${place.patches}/_${intent}.yaml`;
    const text = asFile(request.patch);
    const there = await tree.read(path);
    const { kustomization } = place;
    const listed = await refer(tree, place, path, documents);
    if (there === text && listed === kustomization.text) {
      return { state: 'nothing', reason: `${environment} has it already, in ${path}` };
    }
    const files = new Map([
      ...(there === text ? [] : ([[path, text]] as const)),
      ...(listed === kustomization.text ? [] : ([[kustomization.path, listed]] as const)),
    ]);
    const before = new Map([
      ...(there === undefined ? [] : ([[path, there]] as const)),
      [kustomization.path, kustomization.text] as const,
    ]);
    return { state: 'change', change: { files }, before };
  });
}

/** The text as a file: line feeds, one at the end. */
function asFile(text: string): string {
  return `${text.replace(/\r\n/g, '\n').trim()}\n`;
}

/** The place whose objects the patch is for. */
async function placeFor(
  tree: TreeReader,
  places: readonly AppOverlay[],
  documents: readonly PatchDocument[],
  { app, environment }: OverrideRequest,
): Promise<AppOverlay> {
  if (places.length === 0) {
    throw new Error(
      `${app} is not in ${environment}, or has no kustomization there that could refer to a patch. ` +
        'Let it join the environment first, with the action "onboard".',
    );
  }
  const problems: string[] = [];
  for (const place of places) {
    const objects = await objectsOf(tree, place, app);
    const stranger = documents.find(
      ({ kind, name }) => objects !== undefined && !objects.some((each) => each.kind === kind && each.name === name),
    );
    if (stranger === undefined) {
      return place;
    }
    const known = [...new Set((objects ?? []).map((each) => `${each.kind} ${each.name}`))].sort();
    problems.push(
      `Input "patch":${stranger.line}: ${app} has no ${stranger.kind} ${stranger.name} in ${environment}. ` +
        `It has: ${known.length === 0 ? 'nothing' : known.join(', ')}.`,
    );
  }
  throw new Error(problems.join('\n'));
}

/** The app's objects, `undefined` where some of them are in another repository and nobody here knows them. */
async function objectsOf(
  tree: TreeReader,
  place: AppOverlay,
  app: string,
): Promise<{ kind: string; name: string }[] | undefined> {
  const { folders, remote } = basesOf(place, app);
  if (remote.length > 0) {
    return undefined;
  }
  const own = isPerApp(place.template) ? [place.folder] : [...folders, place.patches];
  const manifests = await Promise.all(own.map((folder) => readManifests(tree, folder)));
  const found = manifests.flatMap((each) => each ?? []);
  return found.some((each) => each.remote.length > 0) ? undefined : found.flatMap((each) => each.objects);
}

/**
 * The kustomization with a reference to the patch, after all patches of the app that set what it sets: of two the later
 * one wins.
 */
async function refer(
  tree: TreeReader,
  place: AppOverlay,
  path: string,
  documents: readonly PatchDocument[],
): Promise<string> {
  const { folder, kustomization } = place;
  const wanted = new Set(documents.flatMap(leavesOf));
  const others = await Promise.all(
    patchesOf(place).map(async (patch) => ({ patch, rivals: await sets(tree, patch.path, wanted) })),
  );
  const behind = others.filter(({ rivals }) => rivals).map(({ patch }) => patch.reference);
  return addReference(kustomization.text, 'patches', posix.relative(folder, path), kustomization.path, { behind });
}

/** Whether a patch sets one of these values. One that is no strategic merge patch is not looked into. */
async function sets(tree: TreeReader, path: string, wanted: ReadonlySet<string>): Promise<boolean> {
  const text = await tree.read(path);
  try {
    const documents = text === undefined ? [] : readPatch(text, path);
    return documents.flatMap(leavesOf).some((leaf) => wanted.has(leaf));
  } catch {
    return false;
  }
}
