import { posix } from 'node:path';
import type { OverlayFile } from '../../carriers/overlay-file.js';
import { readKustomization } from '../../kustomize/kustomization.js';
import { isManifestPath } from '../../kustomize/manifest-path.js';
import { references } from '../../kustomize/references.js';
import { isRemote } from '../../kustomize/remote.js';
import { appsByTemplate } from '../../overlays/environment-apps.js';
import { overlayFolder } from '../../overlays/layout.js';
import { guestOf } from '../../repository/workspaces.js';
import { readValues, textAt } from '../../yaml/values.js';
import type { Onboarding } from './onboarding.js';

/** Apps that are read at most: enough to see the conventions of an environment. */
const MOST_APPS = 20;

/** Another app of an environment, with its kustomization there. */
export interface Sibling extends OverlayFile {
  app: string;
  /** Folder of its overlay. */
  folder: string;
}

/** Other apps of an environment. */
export interface Siblings {
  /** Those with a kustomization, of the app's own workspace first. */
  apps: Sibling[];
  /** Whether there are others, and none of them has a kustomization. */
  areFiles: boolean;
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
export async function siblingsOf(onboarding: Onboarding, template: string): Promise<Siblings> {
  const { tree, layout, app, environment, policy } = onboarding;
  const guest = guestOf(app, policy.guests);
  const isOwn = (name: string) => guestOf(name, policy.guests) === guest;
  const names = (await appsByTemplate(tree, layout, template, environment)).filter((name) => name !== app);
  const near = [...names.filter(isOwn), ...names.filter((name) => !isOwn(name))].slice(0, MOST_APPS);
  const found = await Promise.all(
    near.map(async (name): Promise<Sibling[]> => {
      const folder = overlayFolder(layout, template, environment, name);
      const kustomization = await readKustomization(tree, folder);
      return kustomization === undefined ? [] : [{ ...kustomization, app: name, folder }];
    }),
  );
  const apps = found.flat();
  const own = apps.filter((each) => isOwn(each.app));
  const spaces = new Set(own.map(({ text, path }) => namespaceOf(text, path)));
  const [shared] = spaces.size === 1 ? [...spaces] : [];
  const namespace = own.length === 0 ? (guest ?? policy.workspace) : shared;
  return { apps, areFiles: near.length > 0 && apps.length === 0, namespace, areOthers: own.length === 0 };
}

/** Where the base of an app would be if it were kept like that of one of the others; `undefined` where none tells. */
export function baseLike({ apps }: Siblings, app: string): string | undefined {
  return apps
    .flatMap((sibling) => {
      const folders = references(sibling.text, sibling.path)
        .filter(({ list, path }) => list === 'resources' && !isRemote(path) && !isManifestPath(path))
        .map(({ path }) => posix.join(sibling.folder, path).replace(/\/$/, ''))
        .filter((folder) => !folder.startsWith('..') && !`${folder}/`.startsWith(`${sibling.folder}/`));
      const [base, ...more] = folders.filter((folder) => folder.split('/').includes(sibling.app));
      return base === undefined || more.length > 0
        ? []
        : [
            base
              .split('/')
              .map((each) => (each === sibling.app ? app : each))
              .join('/'),
          ];
    })
    .at(0);
}

function namespaceOf(text: string, file: string): string | undefined {
  const root = readValues(text, file)[0];
  return root?.kind === 'map' ? textAt(root, 'namespace') : undefined;
}
