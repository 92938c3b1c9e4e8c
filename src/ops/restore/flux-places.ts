import type { Target } from '../carriers/carrier.js';
import { areFluxKustomizations, fluxImagesAdvice, fluxKustomizations } from '../carriers/flux-images.js';
import type { OverlayPart } from '../overlays/app-state.js';
import { templatesOf } from '../overlays/carrier-files.js';
import { environmentsOf } from '../overlays/environments.js';
import { isFile, type Layout, overlayFolder } from '../overlays/layout.js';
import { readOverlay } from '../overlays/overlay.js';
import type { AppEnvironment } from '../tree/app-environment.js';
import type { TreeReader } from '../tree/tree-reader.js';
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

/**
 * What to add where an environment does not say the version of an app that another one says in a Flux Kustomization alone: both
 * may deploy one folder.
 *
 * @param targets what is to be set
 * @returns sentences with the lines; `undefined` where no other environment has the app like this
 * @throws InvalidYaml where such a file is not valid YAML; what a failed request throws
 */
export async function fluxLinesFor(
  tree: TreeReader,
  layout: Layout,
  { environment, app }: AppEnvironment,
  targets: readonly Target[],
): Promise<string | undefined> {
  const files = templatesOf(layout, app).filter(isFile);
  const images = targets.flatMap((each) => (each.kind === 'image' ? [each] : []));
  const others = files.length === 0 || images.length === 0 ? [] : await environmentsOf(tree, layout, app);
  const overlays = await Promise.all(
    others.filter((name) => name !== environment).map((name) => readOverlay(tree, layout, name, app)),
  );
  const like = overlays.flatMap((overlay) =>
    areFluxKustomizations(overlay?.files) ? fluxKustomizations(overlay?.files ?? []) : [],
  );
  const paths = like.length === 0 ? [] : files.map((each) => overlayFolder(layout, each, environment, app));
  const texts = await Promise.all(paths.map((path) => tree.read(path)));
  const own = paths.flatMap((path, index) => {
    const text = texts[index];
    return text === undefined ? [] : fluxKustomizations([{ path, text }]);
  });
  const named = own.filter(({ name }) => like.some((other) => other.name === name));
  const [flux, ...more] = named.length > 0 ? named : own;
  const [other] = like;
  return flux === undefined || more.length > 0 || other === undefined
    ? undefined
    : `Its version is said in "images" of a Flux Kustomization elsewhere (${other.file}), and ${environment} has none there. ${fluxImagesAdvice(flux, images)}`;
}
