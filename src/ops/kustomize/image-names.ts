import { readValues } from '../yaml/values.js';
import { fieldsAt } from './list-fields.js';

/** The repositories, old and new, of a kustomization's `images`. */
export function imageNames(text: string, file: string): string[] {
  const root = readValues(text, file)[0];
  return root?.kind === 'map' ? ['name', 'newName'].flatMap((name) => fieldsAt(root, 'images', name)) : [];
}
