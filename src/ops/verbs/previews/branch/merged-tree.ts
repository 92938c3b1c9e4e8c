import {
  clusterFile,
  DEPLOYED_RECORDS,
  deployedObject,
  PREVIEWS_FOLDER,
  previewOfFile,
  RECORDS_FOLDER,
} from '../../../preview-records/paths.js';
import type { Entry, TreeReader } from '../../../tree/tree-reader.js';
import type { PreviewsState } from './read-state.js';

/**
 * What previews are planned on: the deployed branch, with `previews/` of the branch of previews. What the deployed branch has
 * left of previews is shown at the places that it has on their branch.
 */
export function mergedTree(state: PreviewsState): TreeReader {
  const { branch, deployed } = state;
  const places = leftPlaces(state);
  return {
    async read(path) {
      if (!isOfPreviews(path)) {
        return deployed.tree.read(path);
      }
      const place = places.find(({ to }) => path === to || path.startsWith(`${to}/`));
      return place === undefined
        ? branch.tree.read(path)
        : deployed.tree.read(place.from + path.slice(place.to.length));
    },
    async list(path) {
      if (!isOfPreviews(path)) {
        return deployed.tree.list(path);
      }
      const inside = places.find(({ to }) => path === to || path.startsWith(`${to}/`));
      if (inside !== undefined) {
        return deployed.tree.list(inside.from + path.slice(inside.to.length));
      }
      const left = places.flatMap(({ to, type }) => (folderOf(to) === path ? [entryOf(to, type)] : []));
      const own = (await branch.tree.list(path)) ?? [];
      const names = new Map([...own, ...left].map((entry) => [entry.name, entry]));
      return names.size === 0 ? undefined : [...names.values()];
    },
  };
}

/** A file or folder of the deployed branch that the branch of previews lacks. */
interface LeftPlace {
  from: string;
  /** Where it is on the branch of previews. */
  to: string;
  type: Entry['type'];
}

/** Previews that the deployed branch has a record of, and the branch of previews has none. */
export function leftPreviews({ branch, deployed }: PreviewsState): string[] {
  const there = new Set(branch.records.map(({ name }) => name));
  return deployed.records.filter(({ name }) => !there.has(name)).map(({ name }) => previewOfFile(name));
}

function leftPlaces(state: PreviewsState): LeftPlace[] {
  const { deployed } = state;
  const left = leftPreviews(state);
  const folders = new Set(deployed.previews.map(({ name }) => name));
  return [
    ...left.map((name): LeftPlace => {
      return { from: `${DEPLOYED_RECORDS}/${name}.yaml`, to: `${RECORDS_FOLDER}/${name}.yaml`, type: 'file' };
    }),
    ...left
      .filter((name) => folders.has(name))
      .map((name): LeftPlace => {
        return { from: `${PREVIEWS_FOLDER}/${name}`, to: `${PREVIEWS_FOLDER}/${name}`, type: 'folder' };
      }),
    ...[...deployed.objects].flatMap(([host, { names }]) =>
      names.map((name): LeftPlace => {
        return { from: deployedObject(host, name), to: clusterFile(host, name), type: 'file' };
      }),
    ),
  ];
}

function isOfPreviews(path: string): boolean {
  return path === PREVIEWS_FOLDER || path.startsWith(`${PREVIEWS_FOLDER}/`);
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}

function entryOf(path: string, type: Entry['type']): Entry {
  return { name: path.slice(path.lastIndexOf('/') + 1), type };
}
