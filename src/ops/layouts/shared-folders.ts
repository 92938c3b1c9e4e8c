import { type EnvironmentNames, expandedFolders, foldersIn, ownFolders } from './deployments.js';
import { environmentOf } from './object-environment.js';
import type { ObjectFiles } from './object-files.js';
import type { Sketch } from './sketch.js';
import { NoOverlays } from './unclear-layout.js';

/** Folders and files that a message names. */
const NAMED = 3;

/** A folder that several environments deploy, and that is no one's overlay by its name. */
export interface SharedFolder {
  path: string;
  environments: string[];
  /** Of the objects that deploy it. */
  files: string[];
}

/**
 * The folders of this repository that several environments deploy.
 *
 * @throws what a failed request throws
 */
export async function sharedFolders(
  sketch: Sketch,
  objects: ObjectFiles,
  declared: readonly string[] | undefined,
): Promise<SharedFolder[]> {
  const names: EnvironmentNames = { declared, shaped: () => undefined };
  const { folders } = await ownFolders(sketch, await expandedFolders(sketch, foldersIn(objects)));
  const found = new Map<string, SharedFolder>();
  for (const folder of folders) {
    const environment = environmentOf(folder, declared, names.shaped(folder.path));
    const known = found.get(folder.path) ?? { path: folder.path, environments: [], files: [] };
    found.set(folder.path, {
      ...known,
      environments: environment === undefined ? known.environments : [...new Set([...known.environments, environment])],
      files: [...new Set([...known.files, folder.file])],
    });
  }
  return [...found.values()]
    .filter(({ environments }) => environments.length > 1)
    .map(({ path, environments, files }) => ({ path, environments: environments.sort(), files: files.sort() }));
}

/** The error of folders that clusters share: a version in them is that of all. One environment of all clusters has them. */
export function sharedByClusters(shared: readonly SharedFolder[]): NoOverlays {
  const folders = shared.slice(0, NAMED).map(({ path, files }) => `${path} (by ${listOf(files)})`);
  const list = `${folders.join(' and ')}${shared.length > NAMED ? ' and more' : ''}`;
  const environments = [...new Set(shared.flatMap((each) => each.environments))];
  return new NoOverlays(
    `The objects of Flux and Argo CD deploy ${list} into ${listOf(environments)} at once, so that a version there is that of all of them.` +
      '\nWhere they are to be one environment, name it in ostack.yaml:\n\nenvironments:\n  production: {}\n\n' +
      'Where each is to have versions of its own, give each a folder with a kustomization that takes in what they share, ' +
      'call it after the environment, and let the objects of its cluster deploy that.\n',
  );
}

function listOf(names: readonly string[]): string {
  const more = names.length > NAMED ? ', …' : '';
  return `${names.slice(0, NAMED).join(', ')}${more}`;
}
