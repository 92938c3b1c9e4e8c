import { posix } from 'node:path';
import { didYouMean } from '../../config/nearest.js';
import { type AppPlace, basesOf, patchesFolder, placesOf, readKustomization } from '../app-place.js';
import type { ImageTarget } from '../carriers/carrier.js';
import { heldBy } from '../carriers/held.js';
import { addReference, references } from '../kustomization-edit.js';
import { allEnvironments, baseOfGroup, isPerApp, type Layout, overlayFolder } from '../layout.js';
import { readOverlay } from '../overlay.js';
import { environmentPolicy, type Policy } from '../policy.js';
import { type Manifests, readManifests } from '../previews/manifests.js';
import { toYaml } from '../previews/yaml.js';
import type { Planned } from '../propose/proposal.js';
import { refusing } from '../refusing.js';
import { changedTree } from '../snapshot/changed-tree.js';
import type { TreeReader } from '../tree-reader.js';
import { appInApps } from '../workspaces.js';
import { editYaml } from '../yaml/edit.js';
import { clusterObject } from './cluster-object.js';
import { type ImageEntry, imageEntries, versionPatch } from './first-version.js';
import { type LeftBehind, leftBehindIn } from './left-behind.js';
import { checkFirstVersion, heldBefore } from './order.js';
import { siblingsOf } from './siblings.js';

/** An app that is to join an environment. */
export interface OnboardRequest {
  /** As ops calls it: with the name of its workspace in front where that is a guest. */
  app: string;
  environment: string;
  /** Its first version: images, or the tag of all images of its base; default: what the environment before holds. */
  images: readonly ImageTarget[];
  version: string | undefined;
  /** The environment that the first version is taken from; default: the policy's `after`. */
  from: string | undefined;
  /** The group it belongs to, for a repository of several. */
  group: string | undefined;
  /** Manifests for a base that is not there yet, by path inside the folder; `undefined` where none are known. */
  manifests: ReadonlyMap<string, string> | undefined;
}

/** A plan with the version that the app starts with. */
export type OnboardPlan = Planned & { version?: string | undefined; leftBehind?: LeftBehind | undefined };

/** What everything here works on. */
interface Site extends OnboardRequest {
  tree: TreeReader;
  layout: Layout;
  policy: Policy;
}

/**
 * Plans an app's way into an environment: its base, a reference to it, its first version, and what tells the cluster where
 * every app has an object for that. Nothing that is there is overwritten.
 *
 * @throws what a failed request throws
 */
export async function planOnboard(
  tree: TreeReader,
  layout: Layout,
  policy: Policy,
  request: OnboardRequest,
): Promise<OnboardPlan> {
  let version: string | undefined;
  let leftBehind: LeftBehind | undefined;
  const planned = await refusing(async (): Promise<Planned> => {
    const { app, environment } = request;
    const site: Site = { tree, layout, policy, ...request };
    if ((await readOverlay(tree, layout, environment, app)) !== undefined) {
      return { state: 'nothing', reason: `${app} is already in ${environment}` };
    }
    await checkEnvironment(site);
    const before = await heldBefore(site);
    const template = await chooseTemplate(site);
    const source = await readSource(site);
    const base = await chooseBase(site, template, source);
    const images = await firstImages(site, source, base);
    version = images[0]?.tag;
    const entries = imageEntries(images, base.manifests, base.folder);
    checkFirstVersion(before, request, images);
    const draft = isPerApp(template)
      ? await joinByFolder(site, template, base, entries)
      : await joinGroup(site, template, base, entries);
    const files = new Map([...base.files, ...draft.files]);
    await refuseOverwriting(tree, files, draft.before);
    leftBehind = source && leftBehindIn(source.environment, source.places, files);
    return { state: 'change', change: { files }, before: draft.before };
  });
  return { ...planned, version, leftBehind };
}

async function checkEnvironment({ tree, layout, policy, app, environment }: Site): Promise<void> {
  const known = await allEnvironments(tree, layout, policy, app);
  if (!known.includes(environment)) {
    const list = known.length === 0 ? 'none' : known.join(', ');
    throw new Error(`There is no environment "${environment}".${didYouMean(environment, known)} Known: ${list}.`);
  }
}

/** By which of the layout's templates the app joins: in groups, the one that has its base, or the only one. */
async function chooseTemplate({ tree, layout, app, environment, group }: Site): Promise<string> {
  const [own] = layout.templates.filter(isPerApp);
  if (own !== undefined) {
    return own;
  }
  const looked = await Promise.all(
    layout.templates.map(async (template) => {
      const [environments, base] = await Promise.all([
        readKustomization(tree, overlayFolder(template, environment, app)),
        readKustomization(tree, `${baseOfGroup(template)}/${app}`),
      ]);
      return {
        template,
        name: template.split('/')[0] ?? '',
        here: environments !== undefined,
        base: base !== undefined,
      };
    }),
  );
  const here = looked.filter((each) => each.here && (group === undefined || each.name === group));
  const based = here.filter((each) => each.base);
  const [only, ...others] = based.length > 0 ? based : here;
  if (only === undefined || others.length > 0) {
    const names = looked.filter((each) => each.here).map(({ name }) => name);
    throw new Error(
      group === undefined
        ? `Expected one group for ${app} in ${environment}, found ${names.join(', ') || 'none'}. Say which with the input "group".`
        : `There is no group "${group}" with a kustomization of ${environment}. There are: ${names.join(', ') || 'none'}.`,
    );
  }
  return only.template;
}

/** The environment that the app comes from. */
interface Source {
  environment: string;
  images: ImageTarget[];
  /** Addresses of its base, where that is in another repository. */
  remote: string[];
  places: AppPlace[];
}

async function readSource(site: Site): Promise<Source | undefined> {
  const { tree, layout, policy, app, environment, from } = site;
  const named = from === undefined ? environmentPolicy(policy, environment).after : [from];
  for (const name of named) {
    const [overlay, places] = await Promise.all([
      readOverlay(tree, layout, name, app),
      placesOf(tree, layout, name, app),
    ]);
    if (overlay !== undefined) {
      const { targets } = heldBy(overlay.files, app);
      const images = targets.filter((target) => target.kind === 'image');
      const remote = places.flatMap((place) => basesOf(place, app).remote);
      return { environment: name, images, remote, places };
    }
  }
  if (from !== undefined) {
    throw new Error(`${app} is not in ${from}, so no version can be taken from there.`);
  }
  return undefined;
}

/** What the app is built upon. */
interface Base {
  /** From the root of the repository; for messages, where it is in another one. */
  folder: string;
  /** Addresses, where it is in another repository. */
  remote: readonly string[];
  /** Files of a base that is new. */
  files: ReadonlyMap<string, string>;
  manifests: Manifests | undefined;
}

async function chooseBase(site: Site, template: string, source: Source | undefined): Promise<Base> {
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

async function firstImages(site: Site, source: Source | undefined, base: Base): Promise<readonly ImageTarget[]> {
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

interface Draft {
  files: Map<string, string>;
  before: Map<string, string>;
}

async function joinByFolder(site: Site, template: string, base: Base, entries: readonly ImageEntry[]): Promise<Draft> {
  const { tree, app, environment } = site;
  const folder = overlayFolder(template, environment, app);
  const { files: siblings, namespace, areOthers } = await siblingsOf(tree, template, site);
  const resources = base.remote.length > 0 ? base.remote : [posix.relative(folder, base.folder)];
  const text = toYaml({
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    ...(namespace === undefined ? {} : { namespace }),
    resources,
    ...(entries.length === 0 ? {} : { images: entries }),
  });
  const draft: Draft = { files: new Map([[`${folder}/kustomization.yaml`, text]]), before: new Map() };
  const root = await readKustomization(tree, posix.dirname(folder));
  if (root !== undefined && references(root.text, root.path).some(({ list }) => list === 'resources')) {
    draft.files.set(root.path, addReference(root.text, 'resources', posix.basename(folder), root.path));
    draft.before.set(root.path, root.text);
  }
  const overlays = new Map(siblings.map(({ path }) => [posix.basename(posix.dirname(path)), posix.dirname(path)]));
  const place = { environment, app, folder, namespace: areOthers ? namespace : undefined };
  const cluster = await clusterObject(tree, place, overlays);
  return {
    files: new Map([...draft.files, ...cluster.files]),
    before: new Map([...draft.before, ...cluster.before]),
  };
}

async function joinGroup(site: Site, template: string, base: Base, entries: readonly ImageEntry[]): Promise<Draft> {
  const { tree, app, environment } = site;
  const folder = overlayFolder(template, environment, app);
  const kustomization = await readKustomization(tree, folder);
  if (kustomization === undefined) {
    throw new Error(`${folder} has no kustomization that ${app} could join. Add ${folder}/kustomization.yaml.`);
  }
  const { path } = kustomization;
  const resources = base.remote.length > 0 ? base.remote : [posix.relative(folder, base.folder)];
  let text = resources.reduce((result, each) => addReference(result, 'resources', each, path), kustomization.text);
  const files = new Map<string, string>();
  const patch = base.manifests === undefined ? undefined : versionPatch(entries, base.manifests.objects);
  if (patch === undefined) {
    for (const entry of entries) {
      text = editYaml(text, [{ path: ['images'], append: { ...entry } }], path);
    }
  } else if (entries.length > 0) {
    const file = `${patchesFolder(template, folder, app)}/version.yaml`;
    files.set(file, patch);
    text = addReference(text, 'patches', posix.relative(folder, file), path);
  }
  files.set(path, text);
  return { files, before: new Map([[path, kustomization.text]]) };
}

/** A file that is there and no kustomization refers to is somebody's beginning, or a leftover. */
async function refuseOverwriting(
  tree: TreeReader,
  files: ReadonlyMap<string, string>,
  before: ReadonlyMap<string, string>,
): Promise<void> {
  const fresh = [...files.keys()].filter((path) => !before.has(path));
  const texts = await Promise.all(fresh.map((path) => tree.read(path)));
  const there = fresh.filter((_, index) => texts[index] !== undefined);
  if (there.length > 0) {
    throw new Error(
      `${there.join(', ')} ${there.length === 1 ? 'is' : 'are'} there already, though nothing takes the app in. ` +
        `Nothing is overwritten: remove ${there.length === 1 ? 'it, or refer to it' : 'them, or refer to them'} in the kustomization by hand.`,
    );
  }
}
