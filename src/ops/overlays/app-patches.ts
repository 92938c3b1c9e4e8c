import { posix } from 'node:path';
import { withoutExtension } from '../kustomize/manifest-path.js';
import { references } from '../kustomize/references.js';
import type { AppOverlay } from './app-overlay.js';

/** A patch of an app in an environment, as the kustomization refers to it. */
export interface AppPatch {
  /** From the root of the repository. */
  path: string;
  /** As written in the kustomization. */
  reference: string;
  /** The name of the file without its extension, for example `settings`, with a leading `_` where it has one. */
  intent: string;
  /** Whether it is never promoted, because its name begins with `_`. */
  environmentOnly: boolean;
  /** Fields of the reference other than its path: `target`, `options`. */
  otherFields: ReturnType<typeof references>[number]['otherFields'];
}

/**
 * The app's patches that the kustomization of its overlay refers to, in the order of the kustomization.
 *
 * @throws InvalidYaml where the kustomization is not valid YAML
 */
export function appPatches(overlay: AppOverlay): AppPatch[] {
  return references(overlay.kustomization.text, overlay.kustomization.path).flatMap(
    ({ list, path: reference, otherFields }) => {
      const path = posix.join(overlay.folder, reference);
      if (list !== 'patches' || posix.dirname(path) !== overlay.patches) {
        return [];
      }
      const intent = withoutExtension(posix.basename(path));
      return [{ path, reference, intent, environmentOnly: intent.startsWith('_'), otherFields }];
    },
  );
}
