import { overlayNodes } from '../carriers/file-nodes.js';
import { objectName } from '../carriers/named-value.js';
import type { OverlayFile } from '../carriers/overlay-file.js';
import { isKustomization, KUSTOMIZATION_NAMES, readKustomization } from '../kustomize/kustomization.js';
import { readLayers } from '../kustomize/layers/read-layers.js';
import { isManifestPath } from '../kustomize/manifest-path.js';
import type { TreeReader } from '../tree/tree-reader.js';
import { followReferences } from './follow-references.js';
import type { DeployingObject, Layout } from './layout.js';
import { overlayOfPath } from './overlay-path.js';

/** The objects that deploy an overlay. */
export function objectsOf(
  { deployedBy = [] }: Pick<Layout, 'deployedBy'>,
  folder: string,
  files: readonly OverlayFile[],
): DeployingObject[] {
  const own = new Set([folder, ...files.map(({ path }) => path)]);
  return deployedBy.filter(
    ({ path, values }) =>
      values.some((each) => own.has(each)) ||
      (isDeployedWhole(folder, files) && (path === '' ? values.length === 0 : isInside(folder, path))),
  );
}

/** Whether an overlay is among what a folder is deployed with: a folder is, and a file where it is a manifest and no values. */
function isDeployedWhole(folder: string, files: readonly OverlayFile[]): boolean {
  return !isManifestPath(folder) || files.some(({ path, text }) => path === folder && isManifest(text));
}

function isManifest(text: string): boolean {
  return /^apiVersion:/m.test(text) && /^kind:/m.test(text);
}

/** Whether a folder is another one, or in it. */
function isInside(folder: string, other: string): boolean {
  return folder === other || folder.startsWith(`${other}/`);
}

/**
 * Files outside of an overlay of one app in which its version may be set over what the overlay says.
 *
 * @param folder of the overlay, or its file
 */
export function overridingPaths(layout: Pick<Layout, 'deployedBy'>, folder: string): string[] {
  const objects = objectsOf(layout, folder, []).filter(({ isSetting, isSet }) => isSetting && !isSet);
  const later = objects.flatMap(({ values }) => values.slice(values.indexOf(folder) + 1));
  const added = objects.flatMap(({ components = [] }) =>
    components.flatMap((each) => KUSTOMIZATION_NAMES.map((name) => `${each}/${name}`)),
  );
  return [...new Set([...objects.map(({ file }) => file), ...later, ...added])].filter(
    (path) => path !== folder && !path.startsWith(`${folder}/`),
  );
}

/**
 * The files of an overlay with those that override what is in them: of the objects that deploy it, and the values that these
 * take after those of the overlay. All are read in one request with what else is read then.
 */
export async function withDeployingObjects(
  tree: TreeReader,
  layout: Layout,
  folder: string,
  files: readonly OverlayFile[],
): Promise<OverlayFile[]> {
  const all = await takingIn(tree, layout, folder, objectsOf(layout, folder, files));
  const elsewhere = revisionElsewhere(layout, all);
  const objects = all.filter(({ isSetting }) => isSetting);
  const [like] = files;
  const of = {
    ...(like?.app === undefined ? {} : { app: like.app }),
    ...(like?.environment === undefined ? {} : { environment: like.environment }),
    ...(like?.shared === undefined ? {} : { shared: like.shared }),
    ...(like?.owners === undefined ? {} : { owners: like.owners }),
  };
  const known = new Set(files.map(({ path }) => path));
  const later = objects.flatMap(({ values }) => {
    const first = values.findIndex((path) => known.has(path));
    return first < 0 ? [] : values.slice(first + 1);
  });
  const paths = [...new Set([...objects.map(({ file }) => file), ...later])].filter((path) => !known.has(path));
  const [texts, components] = await Promise.all([
    Promise.all(paths.map((path) => tree.read(path))),
    componentsOf(tree, objects, known),
  ]);
  const more = paths.flatMap((path, index): OverlayFile[] => {
    const text = texts[index];
    return text === undefined ? [] : [{ path, text, ...of }];
  });
  const found = [
    ...files.map((file) => withObjects(file, objects)),
    ...more.map((file) => withObjects(asFileOfObjects(layout, file, objects, [...known]), objects)),
    ...components.map((file): OverlayFile => ({ ...file, ...of })),
  ];
  return elsewhere === undefined
    ? found
    : found.map((file): OverlayFile => ({ ...file, untouchable: elsewhere, isElsewhere: true }));
}

/** An object with why nothing may be set in it, although it counts; missing where it may. */
interface FoundObject extends DeployingObject {
  untouchable?: string;
}

/** The objects without those that deploy a folder above the overlay and do not take it in. */
async function takingIn(
  tree: TreeReader,
  layout: Layout,
  folder: string,
  objects: readonly DeployingObject[],
): Promise<FoundObject[]> {
  const found = await Promise.all(
    objects.map(async (object): Promise<FoundObject[]> => {
      if (object.isWide !== true || !(object.isSetting || object.revision !== undefined)) {
        return [object];
      }
      const environments = await environmentsIn(tree, layout, folder, object);
      return environments === undefined
        ? []
        : [environments === 'one' ? object : { ...object, untouchable: ofSeveral(object) }];
    }),
  );
  return found.flat();
}

/**
 * Of how many environments what an object deploys above an overlay is; `undefined` where the overlay is not among it. Flux makes a
 * kustomization of everything where there is none.
 *
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#generating-a-kustomizationyaml-file
 */
async function environmentsIn(
  tree: TreeReader,
  layout: Layout,
  folder: string,
  { object, path }: DeployingObject,
): Promise<'one' | 'several' | undefined> {
  const own = overlayOfPath(layout, folder)?.environment;
  const layers = await readLayers(tree, path);
  if (layers === undefined) {
    return !object.startsWith('Kustomization/') ? undefined : layout.environments?.length === 1 ? 'one' : 'several';
  }
  const taken = [...layers.kustomizations.keys(), ...layers.texts.keys()];
  const isTaken = taken.some((each) => isInside(each, folder));
  const isOther = (each: string) => {
    const environment = overlayOfPath(layout, each)?.environment;
    return environment !== undefined && environment !== own;
  };
  return !isTaken ? undefined : taken.some(isOther) ? 'several' : 'one';
}

function ofSeveral({ object, file, path }: DeployingObject): string {
  return (
    `${object} (${file}) deploys ${nameOfFolder(path)}, with several environments in it, so that another version ` +
    'there would be for all of them. Take the version out of it, so that the overlay of each environment says its own.'
  );
}

function nameOfFolder(path: string): string {
  return path === '' ? 'the whole repository' : path;
}

/** What the components have that objects add: whatever they say of a version, they may say it to several environments. */
async function componentsOf(
  tree: TreeReader,
  objects: readonly DeployingObject[],
  known: ReadonlySet<string>,
): Promise<OverlayFile[]> {
  const found = await Promise.all(
    objects.flatMap(({ file, object, components = [] }) =>
      components.map(async (folder): Promise<OverlayFile[]> => {
        const kustomization = await readKustomization(tree, folder);
        const first = kustomization === undefined ? [] : [kustomization];
        const seen = new Set([...known, ...first.map(({ path }) => path)]);
        const files = await followReferences(tree, folder, first, seen, () => true);
        const untouchable =
          `${object} (${file}) adds the component ${folder}, which may set that version over the overlay's, and for other environments ` +
          'too. Take the version out of the component, so that the overlay of each environment says its own.';
        return files.map((each) => ({ ...each, untouchable }));
      }),
    ),
  );
  return [...new Map(found.flat().map((each) => [each.path, each])).values()];
}

/** Why what the branch that is written says does not run, where every object takes another revision. */
function revisionElsewhere({ branch }: Layout, objects: readonly DeployingObject[]): string | undefined {
  const others = objects.flatMap(({ file, object, path, revision }) =>
    revision !== undefined && (revision.isPinned || (branch !== undefined && revision.name !== branch))
      ? [{ file, object, path, revision }]
      : [],
  );
  const [first] = others;
  if (first === undefined || others.length < objects.length) {
    return undefined;
  }
  const { file, object, path, revision } = first;
  const why = revision.isPinned ? 'which is no branch' : `and not of ${branch}`;
  return (
    `${object} (${file}) deploys ${nameOfFolder(path)} of ${revision.name}, ${why}, so that what is written here does not run there. Let it follow ` +
    `${branch ?? 'the default branch'}, or set the version where ${revision.name} is made.`
  );
}

/** A file of an object, of which only that object counts; or further values. */
function asFileOfObjects(
  layout: Layout,
  file: OverlayFile,
  objects: readonly FoundObject[],
  own: readonly string[],
): OverlayFile {
  const named = objects.filter((object) => object.file === file.path);
  if (named.length > 0) {
    const roots = overlayNodes(file).filter(({ path }) => path.length === 0);
    const documents = roots.filter((root) => named.some(({ object }) => object === objectName(root)));
    const isSet = named.some((object) => object.isSet);
    const untouchable = isSet ? OF_A_SET : named.find((object) => object.untouchable !== undefined)?.untouchable;
    return {
      ...file,
      documents: documents.map(({ document }) => document),
      ...(untouchable === undefined ? {} : { untouchable }),
    };
  }
  const others = (layout.deployedBy ?? []).filter(
    ({ values }) => values.includes(file.path) && !values.some((each) => own.includes(each)),
  );
  const [other] = others;
  return other === undefined
    ? file
    : {
        ...file,
        untouchable:
          `${other.object} (${other.file}) takes that file too, so that another version there would not be for ${file.environment ?? 'this environment'} ` +
          'alone. Take the version out of it, so that the values of each environment say their own.',
      };
}

const OF_A_SET =
  'an ApplicationSet makes several Applications of it, so that another version there would be for all of them. Take the version ' +
  'out of its template, so that the folder of each environment says its own.';

function withObjects(file: OverlayFile, objects: readonly DeployingObject[]): OverlayFile {
  const own = objects.filter((object) => object.file === file.path);
  return own.length === 0 || isKustomization(file.path)
    ? file
    : {
        ...file,
        deploys: [
          ...new Set(
            own.flatMap(({ path, values }) => (path === '' && values.length > 0 ? values : [path, ...values])),
          ),
        ],
      };
}
