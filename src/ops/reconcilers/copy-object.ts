import { editYaml } from '../yaml/edit.js';
import { readValues } from '../yaml/values.js';
import { nameOf, valueAt } from './fields.js';
import { reconcilerOf } from './objects.js';

/** An app in a cluster, and the folder that is deployed for it. */
export interface AppFolder {
  app: string;
  /** From the root of the repository. */
  folder: string;
}

/**
 * The object that deploys a new app, copied from the object of another app: with the new app's name, folder and, where
 * one is given, namespace. The rest stays byte for byte.
 *
 * @param text the file with the other app's object
 * @param file its path, for messages
 * @param namespace `undefined` to keep the namespace of the other app
 * @returns `undefined` where the file holds anything else than the one object that deploys the other app
 * @throws InvalidYaml naming file and line
 */
export function copyObject(
  text: string,
  file: string,
  from: AppFolder,
  to: AppFolder & { namespace: string | undefined },
): string | undefined {
  const [object, ...others] = readValues(text, file);
  if (object?.kind !== 'map' || others.length > 0) {
    return undefined;
  }
  const shape = reconcilerOf(object)?.object;
  const path = shape && valueAt(object, shape.pathField);
  const name = nameOf(object);
  if (shape === undefined || path?.kind !== 'text' || name === undefined || !isFolder(path.text, from.folder)) {
    return undefined;
  }
  const renamed = name.replace(from.app, to.app);
  if (renamed === name) {
    return undefined;
  }
  const { namespace } = to;
  const hasNamespace = valueAt(object, shape.namespaceField)?.kind === 'text';
  return editYaml(
    text,
    [
      { path: ['metadata', 'name'], value: renamed },
      { path: shape.pathField, value: path.text.replace(from.folder, to.folder) },
      ...(namespace !== undefined && hasNamespace ? [{ path: shape.namespaceField, value: namespace }] : []),
    ],
    file,
  );
}

/** Whether the path of an object is this folder; objects may have it with `./` before and `/` after it. */
function isFolder(path: string, folder: string): boolean {
  return path.replace(/^\.\//, '').replace(/\/$/, '') === folder;
}
