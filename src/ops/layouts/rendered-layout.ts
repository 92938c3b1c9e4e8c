import { posix } from 'node:path';
import { type FolderRecord, RECORD, readRecord } from '../../materialize/manifests/record.js';
import { PARTS } from '../../materialize/manifests/remote-parts.js';
import { isImageOf } from '../carriers/app-of-image.js';
import { deployedIn } from '../carriers/deployed.js';
import type { ImageOwner } from '../carriers/overlay-file.js';
import { imageOwners, ownerOf } from '../overlays/image-owners.js';
import type { AppTemplate, Layout } from '../overlays/layout.js';
import type { Policy } from '../policy/policy.js';
import { NAME_PATTERN } from '../tree/name.js';
import { readUnlessOdd } from '../tree/read-unless-odd.js';
import type { TreeReader } from '../tree/tree-reader.js';

/** A folder of a branch that materialize writes. */
export interface RenderedFolder {
  environment: string;
  /** From the root of the branch. */
  folder: string;
  record: FolderRecord;
}

/**
 * The folders of a branch that materialize writes: its root where one environment lives there, else a folder of each one's name.
 *
 * @param environments names of those that live on the branch
 * @throws Error where a list of files is not one of ours, or nobody can tell whose the root is
 */
export async function renderedFolders(tree: TreeReader, environments: readonly string[]): Promise<RenderedFolder[]> {
  const names = ((await tree.list('')) ?? []).filter(({ type }) => type === 'file').map(({ name }) => name);
  const isRoot = names.includes(RECORD);
  if (isRoot && environments.length > 1) {
    throw new Error(
      `${RECORD} says that the whole branch was materialized, and ${environments.join(' and ')} live on it: nobody can tell whose that is. Give each a branch, or leave "folder" out of materialize.`,
    );
  }
  const folders = environments.length > 1 ? environments : isRoot ? [''] : [];
  const found = await Promise.all(
    folders.map(async (folder, index) => {
      const file = posix.join(folder, RECORD);
      const text = await tree.read(file);
      const environment = environments[index] ?? '';
      return text === undefined ? [] : [{ environment, folder, record: readRecord(text, file) }];
    }),
  );
  return found.flat();
}

/** Kinds whose objects run nothing, by the beginning of their files' names: where one says an image, the gate asks whose that is. */
const RUNS_NOTHING =
  /^(configmap|secret|service|serviceaccount|(cluster)?role(binding)?|namespace|ingress|networkpolicy|customresourcedefinition|persistentvolumeclaim|poddisruptionbudget|horizontalpodautoscaler)[-.]/;

/**
 * Where apps are in what materialize wrote: each is in the files of the objects that run its images. Whose an image is says the policy
 * (`apps`), else the object's name where the image is called like that, else the image's own.
 *
 * @throws what a failed request throws
 */
export async function renderedLayout(
  tree: TreeReader,
  { apps, environments }: Pick<Policy, 'apps' | 'environments'>,
  folders: readonly RenderedFolder[],
): Promise<Layout> {
  const files = folders.flatMap(({ environment, folder, record }) =>
    [...record.files.keys()]
      .filter((path) => path !== PARTS && !RUNS_NOTHING.test(posix.basename(path)))
      .map((path) => ({ environment, path: posix.join(folder, path) })),
  );
  const read = await Promise.all(
    files.map(async (file) => ({ ...file, images: imagesIn(await readUnlessOdd(tree, file.path), file.path) })),
  );
  const owners = imageOwners({ apps });
  const roots = rootsOf(read.flatMap(({ images }) => images));
  const further: AppTemplate[] = [];
  const places = new Map<string, Map<string, string>>();
  for (const { environment, path, images } of read) {
    for (const app of appsOf(path, images, { owners, known: [...apps.keys()], roots })) {
      further.push({ app, template: path });
      places.set(path, new Map([[environment, path]]));
    }
  }
  // Where the policy says that an app's source is, nothing is here.
  const own = new Map([...apps].map(([app, { images }]) => [app, { images, overlay: undefined }]));
  const names = environments.map(({ name }) => name);
  return { templates: [], environments: names, apps: own, further, places, isRendered: true };
}

function imagesIn(text: string | undefined, path: string): string[] {
  const { targets, pinned } = deployedIn(text === undefined ? [] : [{ path, text }], '');
  const tagged = targets.flatMap((target) => (target.kind === 'image' ? [target.repository] : []));
  return [...new Set([...tagged, ...pinned.map(({ repository }) => repository)])];
}

interface Names {
  owners: readonly ImageOwner[];
  /** Apps that the policy names. */
  known: readonly string[];
  /** What images are called. */
  roots: readonly string[];
}

/** The apps of a file. An image beside those of an app, such as a proxy's, is no app by its own name there. */
function appsOf(path: string, images: readonly string[], { owners, known, roots }: Names): string[] {
  const ofPolicy = images.flatMap((image) => ownerOf(image, known, owners) ?? []);
  if (ofPolicy.length > 0) {
    return [...new Set(ofPolicy)];
  }
  const called = images.flatMap((image) => ownerOf(image, roots, []) ?? []);
  // `<kind>-<name>.yaml`
  const object = posix.basename(path, posix.extname(path)).replace(/^[^-]*-/, '');
  const own = called.filter((app) => isImageOf(object, app));
  return [...new Set(own.length > 0 ? own : called)];
}

/** The last words of images, but for those that begin as another one does: `shop-web` is of `shop` where there is one. */
function rootsOf(images: readonly string[]): string[] {
  const names = [...new Set(images.map((image) => image.split('/').at(-1) ?? image))];
  const fit = names.filter((name) => NAME_PATTERN.test(name));
  return fit.filter((name) => !fit.some((other) => other !== name && isImageOf(name, other)));
}
