import { baseFolders } from '../../overlays/base-folders.js';
import { isPerApp } from '../../overlays/layout.js';
import { type Manifests, readManifests } from '../../overlays/manifests.js';
import { appInApps } from '../../repository/workspaces.js';
import { changedTree } from '../../tree/changed-tree.js';
import type { NewOverlay } from './new-overlay.js';
import type { Onboarding } from './onboarding.js';
import { baseLike, siblingsOf } from './siblings.js';
import type { Source } from './source.js';

/** The base that the app's overlay refers to. */
export interface Base {
  /** From the root of the repository; the addresses, for messages, where it is in another repository. */
  folder: string;
  /** Addresses, where it is in another repository. */
  remote: readonly string[];
  /** Contents of a new base, by path. */
  files: ReadonlyMap<string, string>;
  /** `undefined` where some of them are in another repository. */
  manifests: Manifests | undefined;
}

/**
 * The app's base: the one in the ops repository, the remote one of the environment that the app comes from, or a new one
 * made of its manifests.
 *
 * @throws Error saying what to add where there is none of these; InvalidYaml naming file and line
 */
export async function chooseBase(
  onboarding: Onboarding,
  { template }: NewOverlay,
  source: Source | undefined,
): Promise<Base> {
  const { tree, app, policy, layout, manifests: given } = onboarding;
  const like = isPerApp(layout, template) ? baseLike(await siblingsOf(onboarding, template), app) : undefined;
  const folders = [...new Set([...(like === undefined ? [] : [like]), ...baseFolders(layout, template, app)])];
  const found = await Promise.all(folders.map((each) => readManifests(tree, each)));
  const at = found.findIndex((each) => each !== undefined);
  const [existing, folder = ''] = [found[at], folders[Math.max(at, 0)]];
  if (existing !== undefined) {
    const unknown = existing.remote.length > 0;
    return { folder, remote: [], files: new Map(), manifests: unknown ? undefined : existing };
  }
  if (source !== undefined && source.remote.length > 0) {
    return { folder: source.remote.join(', '), remote: source.remote, files: new Map(), manifests: undefined };
  }
  if (given === undefined) {
    throw new Error(
      `There is no ${folder}, and no folder "deploy" of ${app} to make it from. Add ${folder}/kustomization.yaml with its ` +
        `manifests, or name the apps repository that has apps/${appInApps(app, policy.guests)}/deploy with the input "apps-repository".`,
    );
  }
  const files = new Map([...given].map(([path, text]) => [`${folder}/${path}`, text]));
  const manifests = await readManifests(changedTree(tree, { files }), folder);
  return { folder, remote: [], files, manifests };
}
