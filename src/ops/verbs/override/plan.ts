import { posix } from 'node:path';
import { addReference } from '../../kustomize/edit-references.js';
import { type PatchDocument, patchedFields, readPatch } from '../../kustomize/patch.js';
import { appBases } from '../../overlays/app-bases.js';
import { type AppOverlay, appOverlaysOf } from '../../overlays/app-overlay.js';
import { appPatches } from '../../overlays/app-patches.js';
import type { Layout } from '../../overlays/layout.js';
import { readManifests } from '../../overlays/manifests.js';
import { readOverlay } from '../../overlays/overlay.js';
import { asRefusal } from '../../pull-requests/as-refusal.js';
import type { Planned } from '../../pull-requests/planned.js';
import type { TreeReader } from '../../tree/tree-reader.js';

/** A request to give one environment a patch of its own. */
export interface OverrideRequest {
  app: string;
  environment: string;
  /** What the patch is about, for its file name: letters, digits and `-`, such as `replicas`. */
  intent: string;
  /** The strategic merge patch, YAML. */
  patch: string;
}

/**
 * Plans an override: the patch as `_<intent>.yaml` in one environment, and a reference to it. The leading `_` says that it
 * is never promoted. What a person has to put right is the plan's error.
 *
 * @throws what a failed request throws
 */
export function planOverride(tree: TreeReader, layout: Layout, request: OverrideRequest): Promise<Planned> {
  return asRefusal(async () => {
    const { app, environment, intent } = request;
    const documents = readPatch(request.patch, 'Input "patch"');
    const overlays = await appOverlaysOf(tree, layout, environment, app);
    if (overlays.length === 0 && (await readOverlay(tree, layout, environment, app)) !== undefined) {
      throw new Error(
        `${app} has no kustomization in ${environment} that could refer to a patch. Change its settings by hand.`,
      );
    }
    const overlay = await overlayFor(tree, overlays, documents, request);
    const path = `${overlay.patches}/_${intent}.yaml`;
    const text = asFile(request.patch);
    const current = await tree.read(path);
    const { kustomization } = overlay;
    const referring = await addAfterRivals(tree, overlay, path, documents);
    if (current === text && referring === kustomization.text) {
      return { state: 'nothing', reason: `${path} already has it` };
    }
    const files = new Map([
      ...(current === text ? [] : ([[path, text]] as const)),
      ...(referring === kustomization.text ? [] : ([[kustomization.path, referring]] as const)),
    ]);
    const before = new Map([
      ...(current === undefined ? [] : ([[path, current]] as const)),
      [kustomization.path, kustomization.text] as const,
    ]);
    return { state: 'change', change: { files }, before };
  });
}

/** The text as a file: line feeds, one at the end. */
function asFile(text: string): string {
  return `${text.replace(/\r\n/g, '\n').trim()}\n`;
}

/** The overlay that has the objects of the patch. */
async function overlayFor(
  tree: TreeReader,
  overlays: readonly AppOverlay[],
  documents: readonly PatchDocument[],
  { app, environment }: OverrideRequest,
): Promise<AppOverlay> {
  if (overlays.length === 0) {
    throw new Error(
      `${app} is not in ${environment}, or has no kustomization there that could refer to a patch. ` +
        'Add it to the environment first, with the action "onboard".',
    );
  }
  const problems: string[] = [];
  for (const overlay of overlays) {
    const objects = await objectsOf(tree, overlay, app);
    const unknown = documents.find(
      ({ kind, name }) => objects !== undefined && !objects.some((each) => each.kind === kind && each.name === name),
    );
    if (unknown === undefined) {
      return overlay;
    }
    const known = [...new Set((objects ?? []).map((each) => `${each.kind} ${each.name}`))].sort();
    problems.push(
      `Input "patch":${unknown.line}: ${app} has no ${unknown.kind} ${unknown.name} in ${environment}. ` +
        `It has: ${known.length === 0 ? 'nothing' : known.join(', ')}.`,
    );
  }
  throw new Error(problems.join('\n'));
}

/** The app's objects; `undefined` where some of them are in another repository. */
async function objectsOf(
  tree: TreeReader,
  overlay: AppOverlay,
  app: string,
): Promise<{ kind: string; name: string }[] | undefined> {
  const { folders, remote } = appBases(overlay, app);
  if (remote.length > 0) {
    return undefined;
  }
  const own = overlay.isOwn ? [overlay.folder] : [...folders, overlay.patches];
  const manifests = await Promise.all(own.map((folder) => readManifests(tree, folder)));
  const found = manifests.flatMap((each) => each ?? []);
  return found.some((each) => each.remote.length > 0) ? undefined : found.flatMap((each) => each.objects);
}

/**
 * The kustomization with a reference to the patch, after all patches of the app that set one of its fields: kustomize
 * applies patches in order.
 */
async function addAfterRivals(
  tree: TreeReader,
  overlay: AppOverlay,
  path: string,
  documents: readonly PatchDocument[],
): Promise<string> {
  const { folder, kustomization } = overlay;
  const leaves = new Set(documents.flatMap(patchedFields));
  const others = await Promise.all(
    appPatches(overlay).map(async (patch) => ({ patch, rivals: await sets(tree, patch.path, leaves) })),
  );
  const afterAll = others.filter(({ rivals }) => rivals).map(({ patch }) => patch.reference);
  return addReference(kustomization.text, 'patches', posix.relative(folder, path), kustomization.path, { afterAll });
}

/** Whether a patch sets one of these fields. Only strategic merge patches are read. */
async function sets(tree: TreeReader, path: string, leaves: ReadonlySet<string>): Promise<boolean> {
  const text = await tree.read(path);
  try {
    const documents = text === undefined ? [] : readPatch(text, path);
    return documents.flatMap(patchedFields).some((leaf) => leaves.has(leaf));
  } catch {
    return false;
  }
}
