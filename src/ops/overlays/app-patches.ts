import { posix } from 'node:path';
import { references } from '../kustomize/references.js';
import type { AppOverlay } from './app-overlay.js';

/** One of the patches that an app has in an environment, as its kustomization refers to it. */
export interface AppPatch {
  /** From the root of the repository. */
  path: string;
  /** As written in the kustomization. */
  reference: string;
  /** What it is about: `settings` of `settings.yaml`, with its leading `_` where it stays in its environment. */
  intent: string;
  /** Whether it never travels. */
  environmentOnly: boolean;
  /** What the reference has beside its path: a target, options. */
  otherFields: ReturnType<typeof references>[number]['otherFields'];
}

/** The app's patches that the kustomization refers to, in its order. */
export function appPatches(place: AppOverlay): AppPatch[] {
  return references(place.kustomization.text, place.kustomization.path).flatMap(
    ({ list, path: reference, otherFields }) => {
      const path = posix.join(place.folder, reference);
      if (list !== 'patches' || posix.dirname(path) !== place.patches) {
        return [];
      }
      const intent = posix.basename(path).replace(/\.(ya?ml|json)$/, '');
      return [{ path, reference, intent, environmentOnly: intent.startsWith('_'), otherFields }];
    },
  );
}
