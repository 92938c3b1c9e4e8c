import type { Reconciler } from '../reconciler.js';
import { conventionsOf } from './conventions.js';
import { foldersOfApplication } from './deployed-folders.js';
import { generatorFiles, withGeneratorFiles } from './git-files.js';
import { destinationsOfArgocd, inputsOfArgocd } from './inputs.js';
import { previewApplication } from './preview-object.js';
import { argocdPreviews } from './preview-root.js';
import { APPLICATION, APPLICATION_SET } from './shape.js';

/** Argo CD: an Application for each folder. */
export const argocd = {
  name: 'argocd',
  object: APPLICATION,
  kinds: [APPLICATION, APPLICATION_SET],
  // As the templates of its documentation say: https://argo-cd.readthedocs.io/en/stable/operator-manual/notifications/services/github/
  statusContexts: ['continuous-delivery/', 'argocd/', 'argo-cd/'],
  isIn: (objects) => conventionsOf(objects) !== undefined,
  foldersOf: foldersOfApplication,
  generated: { filesOf: generatorFiles, filled: withGeneratorFiles },
  inputsOf: inputsOfArgocd,
  destinationsOf: destinationsOfArgocd,
  previewObject: previewApplication,
  previews: argocdPreviews,
  // Applications often deploy other repositories, so a path that is not in this one says nothing yet.
  problemsOf: () => [],
} as const satisfies Reconciler;
