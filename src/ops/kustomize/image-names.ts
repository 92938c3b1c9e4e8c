import { readValues } from '../yaml/values.js';
import { fieldsAt } from './list-fields.js';

/**
 * The repositories in the `images` of a kustomization, under `name` and `newName`, in the order of the keys. A tag or
 * digest in them is left out.
 *
 * @throws InvalidYaml with file and line where the file is not valid YAML
 * @see https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/images/
 */
export function imageNames(text: string, file: string): string[] {
  const root = readValues(text, file)[0];
  return root?.kind === 'map'
    ? ['name', 'newName'].flatMap((name) => fieldsAt(root, 'images', name)).map(withoutVersion)
    : [];
}

function withoutVersion(image: string): string {
  const [name = ''] = image.split('@', 1);
  const colon = name.lastIndexOf(':');
  return colon > name.lastIndexOf('/') ? name.slice(0, colon) : name;
}
