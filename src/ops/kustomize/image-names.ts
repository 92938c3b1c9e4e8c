import { readValues } from '../yaml/values.js';
import { fields } from './list-fields.js';

/** The repositories, old and new, of a kustomization's `images`. */
export function imageNamesOf(text: string, file: string): string[] {
  const root = readValues(text, file)[0];
  return root?.kind === 'map' ? ['name', 'newName'].flatMap((name) => fields(root, 'images', name)) : [];
}
