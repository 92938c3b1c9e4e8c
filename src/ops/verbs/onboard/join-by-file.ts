import { posix } from 'node:path';
import type { ImageTarget } from '../../carriers/carrier.js';
import { deployedIn } from '../../carriers/deployed.js';
import type { OverlayFile } from '../../carriers/overlay-file.js';
import { versionOf } from '../../carriers/tag-version.js';
import { appsByTemplate } from '../../overlays/environment-apps.js';
import { hasPlace, isPerApp } from '../../overlays/layout.js';
import { readManifests } from '../../overlays/manifests.js';
import { readOverlay } from '../../overlays/overlay.js';
import { environmentPolicy } from '../../policy/policy.js';
import { appInApps } from '../../repository/workspaces.js';
import { changedTree } from '../../tree/changed-tree.js';
import type { TreeReader } from '../../tree/tree-reader.js';
import { toYaml } from '../../yaml/to-yaml.js';
import { linesByHand, toldByObjects } from './by-hand.js';
import { listedLike } from './cluster-object.js';
import { fileLike, type Model, type Reason, valuesLike } from './file-like.js';
import { imagesNamed } from './first-images.js';
import type { Draft } from './join.js';
import type { NewOverlay } from './new-overlay.js';
import type { Onboarding } from './onboarding.js';
import type { Source } from './source.js';

/** Other apps that are looked at. */
const MOST_APPS = 5;

/**
 * The images that an app starts with, where it has no base: those of the request, those of the environment that it comes from, or
 * those of its manifests with the requested version.
 *
 * @throws Error naming the input to give
 */
export async function imagesOfFile(
  onboarding: Onboarding,
  source: Source | undefined,
): Promise<readonly ImageTarget[]> {
  const { app, environment, images, version, manifests, tree, policy } = onboarding;
  if (images.length > 0) {
    return images;
  }
  if (version === undefined && source !== undefined && source.images.length > 0) {
    return source.images;
  }
  const files = new Map([...(manifests ?? [])].map(([path, text]) => [`deploy/${path}`, text]));
  const known = manifests && (await readManifests(changedTree(tree, { files }), 'deploy'));
  const names = known?.images ?? source?.images.map(({ repository }) => repository) ?? [];
  const found = version === undefined ? [] : imagesNamed(names, appInApps(app, policy.guests), version);
  if (found.length === 0) {
    throw new Error(
      `Nothing says which image ${app} starts with in ${environment}. Give it with its version with the input "images".`,
    );
  }
  return found;
}

/**
 * Adds the app with a file of its own: its version, in the form that it has in another environment or that another app has. A
 * kustomization that lists the other app's file lists the new one.
 *
 * @returns the files, and what a person should know
 * @throws Error where nothing tells the form, with the file and the lines to add
 */
export async function joinByFile(
  onboarding: Onboarding,
  { template, folder }: NewOverlay,
  images: readonly ImageTarget[],
): Promise<Draft & { notes: string[] }> {
  const { tree, layout, app, environment } = onboarding;
  const models = await modelsOf(onboarding, template);
  const [image = NO_IMAGE, ...others] = images;
  if (!isPerApp(layout, template)) {
    throw sharedFile(onboarding, folder, models, image);
  }
  if (models.length === 0) {
    throw toldByObjects(onboarding);
  }
  const reasons: string[] = others.length === 0 ? [] : [`it has ${images.length} images`];
  for (const model of others.length === 0 ? models : []) {
    const made = await madeLike(onboarding, model, folder, image);
    if (!('reason' in made)) {
      const { path, text } = made;
      const list = await listWith(tree, path, models);
      return {
        files: new Map([[path, text], ...(list === undefined ? [] : [[list.path, list.text] as const])]),
        before: new Map(list === undefined ? [] : [[list.path, list.before]]),
        notes: notesOf(onboarding, model, path),
      };
    }
    reasons.push(made.reason);
  }
  const { path, lines, what } = linesByHand(app, image, folder, models);
  throw new Error(
    `What ${app} needs in a file of its own in ${environment} is not known: ${reasons[0]}. Add ${path} by hand, with ${what} and:\n\n${lines}`,
  );
}

/** The file like a model, read back: it has the version. */
async function madeLike(
  onboarding: Onboarding,
  model: Model,
  folder: string,
  image: ImageTarget,
): Promise<{ path: string; text: string } | Reason> {
  const { app, environment } = onboarding;
  const { isBare, path: like } = model.file;
  const path = posix.extname(folder) === '' && !isBare ? `${folder}/${posix.basename(like)}` : folder;
  const missing = await chartMissing(onboarding, model, path);
  if (missing !== undefined) {
    return { reason: missing };
  }
  const made = fileLike(model, { app, environment }, image, path);
  if ('reason' in made) {
    return made;
  }
  const file: OverlayFile = { path, text: made.text, app, environment, ...(isBare ? { isBare } : {}) };
  const { version } = deployedIn([file], app);
  return image.tag !== undefined && version !== (versionOf(image.tag) ?? image.tag)
    ? { reason: `${path} made like ${like} would not have the version` }
    : { path, text: made.text };
}

/** The kustomization that lists the files of other apps, with the new one; `undefined` where none does. */
async function listWith(tree: TreeReader, path: string, models: readonly Model[]) {
  const above = posix.dirname(path);
  const beside = models.map(({ file }) => file.path).find((each) => posix.dirname(each) === above);
  const names = ((await tree.list(above)) ?? []).map(({ name }) => name);
  return beside === undefined
    ? undefined
    : listedLike(tree, above, names, { name: posix.basename(beside), target: posix.basename(path) });
}

const NO_IMAGE: ImageTarget = { kind: 'image', repository: 'ghcr.io/acme/app', image: 'app', tag: '1.0.0' };

/** The files to make the new one after: the app's own in the environments before first, then those of other apps. */
async function modelsOf(onboarding: Onboarding, template: string): Promise<Model[]> {
  const { tree, layout, app, environment, policy, from } = onboarding;
  const before = from === undefined ? environmentPolicy(policy, environment).after : [from];
  const all = (await appsByTemplate(tree, layout, template, environment)).filter((name) => name !== app);
  const read = async (name: string, where: string, isOwn: boolean): Promise<Model[]> => {
    const all = (await readOverlay(tree, layout, where, name, [template]))?.files ?? [];
    const files = all.filter(({ deploys }) => deploys === undefined);
    const [file] = files;
    return file === undefined || files.length > 1 ? [] : [{ app: name, environment: where, file, isOwn }];
  };
  const models = await Promise.all([
    ...before.filter((name) => hasPlace(layout, template, name)).map((name) => read(app, name, true)),
    ...all.slice(0, MOST_APPS).map((name) => read(name, environment, false)),
  ]);
  return models.flat();
}

/** Values beside a chart of the other app need a chart of this one. */
async function chartMissing({ tree }: Onboarding, { file, isOwn }: Model, path: string): Promise<string | undefined> {
  const [there, here] = await Promise.all(
    [file.path, path].map((each) => tree.read(`${posix.dirname(each)}/Chart.yaml`)),
  );
  return there !== undefined && here === undefined && !isOwn
    ? `${posix.dirname(file.path)} has a chart, and ${posix.dirname(path)} has none`
    : undefined;
}

/** What a person should know of a new file: objects that deploy the other app's by its name. */
function notesOf({ layout, app }: Onboarding, { file }: Model, path: string): string[] {
  const objects = (layout.deployedBy ?? []).filter(
    ({ path: folder, values, isSet }) =>
      isSet !== true && [folder, ...values].some((each) => each === file.path || each === posix.dirname(file.path)),
  );
  const [object] = objects;
  return object === undefined || posix.dirname(file.path) === posix.dirname(path)
    ? []
    : [
        `${object.object} in ${object.file} deploys ${file.path}: add one like it for ${app}, so that ${path} is deployed too.`,
      ];
}

/** One file for all apps says nothing of what a new one needs in it. */
function sharedFile(
  { app, environment }: Onboarding,
  path: string,
  models: readonly Model[],
  target: ImageTarget,
): Error {
  const [lines] = models.flatMap((model) => {
    const like = valuesLike(model, app, target);
    return 'reason' in like || !JSON.stringify(like.value).includes(`"${app}":`) ? [] : [like.value];
  });
  const value = lines ?? { [app]: { image: { repository: target.repository, tag: target.tag ?? '' } } };
  return new Error(
    `${path} is one file for all apps of ${environment}, and what ${app} needs in it beside its version is not known. ` +
      `Add it there by hand, with its settings and:\n\n${toYaml(value)}`,
  );
}
