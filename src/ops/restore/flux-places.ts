import { areFluxKustomizations, fluxImagesAdvice, fluxKustomizations } from '../carriers/flux-images.js';
import type { OverlayPart } from '../overlays/app-state.js';
import { isFile } from '../overlays/layout.js';
import { targetsOfPart } from './places.js';

/**
 * Refuses to bring an app to an environment where the source says its version in a Flux Kustomization alone, and that of the
 * target does not: which of its objects deploys the app is for a person to say.
 *
 * @throws Error with the lines to add
 */
export function refuseFluxWithoutImages(source: OverlayPart, target: OverlayPart, app: string): void {
  const [flux] = areFluxKustomizations(source.overlay) ? fluxKustomizations(source.overlay ?? []) : [];
  if (flux === undefined || !isFile(target.template) || target.overlay !== undefined) {
    return;
  }
  const images = targetsOfPart(source, app).flatMap((each) => (each.kind === 'image' ? [each] : []));
  const lines = fluxImagesAdvice({ name: flux.name, file: target.folder, hasImages: false }, images);
  throw new Error(
    `${target.environment} has no version of ${app} in ${target.folder}, as ${source.environment} has in "images" of a Flux Kustomization ` +
      `(${flux.file}). Say there which one it has, then promote again. ${lines}`,
  );
}
