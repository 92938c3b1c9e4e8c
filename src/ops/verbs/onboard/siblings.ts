import { posix } from 'node:path';
import type { OverlayFile } from '../../carriers/overlay-file.js';
import { readKustomization } from '../../kustomize/kustomization.js';
import { overlayFolder } from '../../overlays/layout.js';
import type { Policy } from '../../policy/policy.js';
import { guestOf } from '../../repository/workspaces.js';
import type { TreeReader } from '../../tree/tree-reader.js';
import { readValues, textAt } from '../../yaml/values.js';

/** Apps that are read at most: enough to see the conventions of an environment. */
const MOST_APPS = 20;

/** Other apps of an environment. */
export interface Siblings {
  /** Their kustomizations, those of the app's own workspace first. */
  files: OverlayFile[];
  /** The namespace that the app goes to; `undefined` where the other apps do not share one. */
  namespace: string | undefined;
  /** Whether none of them is of the app's own workspace. */
  areOthers: boolean;
}

/**
 * Reads the other apps of an environment, in a layout where every app has a folder. The new app's namespace is the one that
 * the apps of its workspace have; the first app of a workspace goes to the namespace of the workspace's name.
 *
 * @param template the template of the layout that has `{app}` in it
 *
 * @throws Error where a kustomization is no valid YAML
 */
export async function siblingsOf(
  tree: TreeReader,
  template: string,
  { app, environment, policy }: { app: string; environment: string; policy: Policy },
): Promise<Siblings> {
  const above = posix.dirname(overlayFolder(template, environment, app));
  const guest = guestOf(app, policy.guests);
  const isOwn = (name: string) => guestOf(name, policy.guests) === guest;
  const names = ((await tree.list(above)) ?? []).filter(({ type }) => type === 'folder').map(({ name }) => name);
  const near = [...names.filter(isOwn), ...names.filter((name) => !isOwn(name))].slice(0, MOST_APPS);
  const found = await Promise.all(near.map((name) => readKustomization(tree, `${above}/${name}`)));
  const files = found.filter((each) => each !== undefined);
  const own = files.filter(({ path }) => isOwn(posix.basename(posix.dirname(path))));
  const spaces = new Set(own.map(({ text, path }) => namespaceOf(text, path)));
  const [shared] = spaces.size === 1 ? [...spaces] : [];
  const namespace = own.length === 0 ? (guest ?? policy.workspace) : shared;
  return { files, namespace, areOthers: own.length === 0 };
}

function namespaceOf(text: string, file: string): string | undefined {
  const root = readValues(text, file)[0];
  return root?.kind === 'map' ? textAt(root, 'namespace') : undefined;
}
