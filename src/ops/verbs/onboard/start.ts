import type { ImageTarget } from '../../carriers/carrier.js';
import { deployedIn } from '../../carriers/deployed.js';
import { appBases } from '../../overlays/app-bases.js';
import { type AppOverlay, appOverlaysOf } from '../../overlays/app-overlay.js';
import { baseOfGroup, isPerApp } from '../../overlays/layout.js';
import { type Manifests, readManifests } from '../../overlays/manifests.js';
import { readOverlay } from '../../overlays/overlay.js';
import { environmentPolicy } from '../../policy/policy.js';
import { appInApps } from '../../repository/workspaces.js';
import { changedTree } from '../../tree/changed-tree.js';
import type { Place } from './place.js';
import type { Site } from './site.js';

/** The environment that the app comes from. */
export interface Source {
  environment: string;
  images: ImageTarget[];
  /** Addresses of its base, where that is in another repository. */
  remote: string[];
  places: AppOverlay[];
}

/**
 * Where the app comes from: `from`, else the first of the environments before (`after`) that has it.
 *
 * @throws Error where `from` does not have it
 */
export async function readSource(site: Site): Promise<Source | undefined> {
  const { tree, layout, policy, app, environment, from } = site;
  const named = from === undefined ? environmentPolicy(policy, environment).after : [from];
  for (const name of named) {
    const [overlay, places] = await Promise.all([
      readOverlay(tree, layout, name, app),
      appOverlaysOf(tree, layout, name, app),
    ]);
    if (overlay !== undefined) {
      const { targets } = deployedIn(overlay.files, app);
      const images = targets.filter((target) => target.kind === 'image');
      const remote = places.flatMap((place) => appBases(place, app).remote);
      return { environment: name, images, remote, places };
    }
  }
  if (from !== undefined) {
    throw new Error(`${app} is not in ${from}, so no version can be taken from there.`);
  }
  return undefined;
}

/** What the app is built upon. */
export interface Base {
  /** From the root of the repository; for messages, where it is in another one. */
  folder: string;
  /** Addresses, where it is in another repository. */
  remote: readonly string[];
  /** Files of a base that is new. */
  files: ReadonlyMap<string, string>;
  manifests: Manifests | undefined;
}

/**
 * The app's base: the one that is there, that of where it comes from, or a new one of its manifests.
 *
 * @throws Error saying what to add where there is none of them
 */
export async function chooseBase(site: Site, { template }: Place, source: Source | undefined): Promise<Base> {
  const { tree, app, policy, manifests: given } = site;
  const folder = `${isPerApp(template) ? 'bases' : baseOfGroup(template)}/${app}`;
  const there = await readManifests(tree, folder);
  if (there !== undefined) {
    const unknown = there.remote.length > 0;
    return { folder, remote: [], files: new Map(), manifests: unknown ? undefined : there };
  }
  if (source !== undefined && source.remote.length > 0) {
    return { folder: source.remote.join(', '), remote: source.remote, files: new Map(), manifests: undefined };
  }
  if (given === undefined) {
    throw new Error(
      `There is no ${folder}, and no folder "deploy" of ${app} to make it of. Add ${folder}/kustomization.yaml with its ` +
        `manifests, or name the apps repository that has apps/${appInApps(app, policy.guests)}/deploy with the input "apps-repository".`,
    );
  }
  const files = new Map([...given].map(([path, text]) => [`${folder}/${path}`, text]));
  const manifests = await readManifests(changedTree(tree, { files }), folder);
  return { folder, remote: [], files, manifests };
}

/**
 * The images that the app starts with: those that were named, those of its base in the version that was named, or those of
 * where it comes from.
 *
 * @throws Error saying what to give where nothing tells
 */
export async function firstImages(site: Site, source: Source | undefined, base: Base): Promise<readonly ImageTarget[]> {
  const { environment, images, version } = site;
  const app = appInApps(site.app, site.policy.guests);
  if (images.length > 0) {
    return images;
  }
  if (version !== undefined) {
    const names = (base.manifests?.images ?? []).filter((name) => isOf(name.split('/').at(-1) ?? '', app));
    if (names.length === 0) {
      throw new Error(
        `Nothing in ${base.folder} runs an image named ${app} or ${app}-<part>, so a version alone does not say what to ` +
          'deploy. Give the images with the input "images".',
      );
    }
    return names.map((name) => ({
      kind: 'image',
      repository: name,
      image: name.split('/').at(-1) ?? '',
      tag: version,
    }));
  }
  if (source === undefined || (source.images.length === 0 && source.remote.length === 0)) {
    throw new Error(
      `Nothing says which version of ${app} ${environment} starts with: no environment before it has one. ` +
        'Give it with the input "version" or "images".',
    );
  }
  return source.images;
}

function isOf(image: string, app: string): boolean {
  return image === app || image.startsWith(`${app}-`);
}
