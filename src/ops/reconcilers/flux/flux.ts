import type { Reconciler } from '../reconciler.js';
import { foldersOfKustomization, valuesOfRelease } from './deployed-folders.js';
import { destinationOfFlux, inputsOfFlux } from './inputs.js';
import { previewKustomization } from './preview-object.js';
import { fluxPreviews } from './preview-root.js';
import { kustomizationProblems } from './problems.js';
import { HELM_RELEASE, KUSTOMIZATION } from './shape.js';
import { sourceOf } from './source.js';

/** Flux: a Flux Kustomization for each folder, taken from a GitRepository. */
export const flux = {
  name: 'flux',
  object: KUSTOMIZATION,
  kinds: [KUSTOMIZATION, HELM_RELEASE],
  // `kustomization/<name>/<part of the provider's uid>`: https://fluxcd.io/flux/components/notification/providers/
  statusContexts: ['kustomization/', 'helmrelease/'],
  isIn: (objects) => sourceOf(objects) !== undefined,
  foldersOf: foldersOfKustomization,
  valuesOf: valuesOfRelease,
  inputsOf: inputsOfFlux,
  destinationsOf: (object) => [destinationOfFlux(object) ?? []].flat(),
  previewObject: previewKustomization,
  previews: fluxPreviews,
  problemsOf: kustomizationProblems,
} as const satisfies Reconciler;
