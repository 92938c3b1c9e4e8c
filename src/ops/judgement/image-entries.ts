import { parseReference } from '../carriers/image-reference.js';
import { mapsAt } from '../kustomize/list-fields.js';
import { readValues, textAt } from '../yaml/values.js';

/** An entry of `images` in a kustomization, as kustomize takes it. */
export interface ImageEntry {
  name: string;
  newName: string | undefined;
  newTag: string | undefined;
  digest: string | undefined;
}

/** The entries of `images` in a kustomization. @throws InvalidYaml with file and line */
export function imageEntries(text: string, path: string): ImageEntry[] {
  const [root] = readValues(text, path);
  const items = root?.kind === 'map' ? mapsAt(root, 'images') : [];
  return items.map((item) => {
    const [tag, pinned] = (textAt(item, 'newTag') ?? '').split('@', 2);
    const newName = textAt(item, 'newName') || undefined;
    const whole = newName === undefined ? undefined : parseReference(newName);
    const digest = textAt(item, 'digest') || pinned || undefined;
    const isSet = (tag || digest) !== undefined && (tag || digest) !== '';
    return {
      name: textAt(item, 'name') ?? '',
      newName: whole?.name ?? newName,
      newTag: tag || (isSet ? undefined : whole?.tag),
      digest: digest ?? (isSet ? undefined : whole?.digest),
    };
  });
}
