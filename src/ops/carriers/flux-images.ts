import { type MapValue, mapAt, textAt } from '../yaml/values.js';
import type { ImageTarget } from './carrier.js';
import { overlayNodes } from './file-nodes.js';
import type { OverlayFile } from './overlay-file.js';

const GROUP = 'kustomize.toolkit.fluxcd.io/';

/** A Flux Kustomization in a file. */
interface FluxKustomization {
  name: string;
  file: string;
  hasImages: boolean;
}

/** The Flux Kustomizations in files of an overlay. @throws InvalidYaml where such a file is not valid YAML */
export function fluxKustomizations(files: readonly OverlayFile[]): FluxKustomization[] {
  return files
    .filter(({ text, onlyNamed }) => onlyNamed !== true && text.includes(GROUP))
    .flatMap((file) =>
      overlayNodes(file).flatMap(({ path, value }) =>
        path.length === 0 && value.kind === 'map' && isFlux(value) ? [read(value, file.path)] : [],
      ),
    );
}

/** Whether files of an overlay are nothing but Flux Kustomizations, which set images over what they deploy. */
export function areFluxKustomizations(files: readonly OverlayFile[] = []): boolean {
  return files.length > 0 && files.every((file) => fluxKustomizations([file]).length > 0);
}

function isFlux(object: MapValue): boolean {
  return textAt(object, 'kind') === 'Kustomization' && textAt(object, 'apiVersion')?.startsWith(GROUP) === true;
}

function read(object: MapValue, file: string): FluxKustomization {
  const [metadata, spec] = [mapAt(object, 'metadata'), mapAt(object, 'spec')];
  return {
    name: (metadata && textAt(metadata, 'name')) ?? '',
    file,
    hasImages: spec?.entries.get('images')?.kind === 'list',
  };
}

/**
 * The lines with which a Flux Kustomization sets images of what it deploys.
 *
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#images
 */
export function fluxImagesAdvice(
  { name, file, hasImages }: FluxKustomization,
  targets: readonly Pick<ImageTarget, 'repository' | 'tag' | 'digest'>[],
): string {
  const entries = targets.map(({ repository, tag, digest }) =>
    [
      `  - name: ${repository}`,
      ...(tag === undefined ? [] : [`    newTag: ${JSON.stringify(tag)}`]),
      ...(digest === undefined ? [] : [`    digest: ${digest}`]),
    ].join('\n'),
  );
  const what = `the Flux Kustomization${name === '' ? '' : ` ${name}`} in ${file}`;
  return hasImages
    ? `Add to the list "images" in "spec" of ${what}:\n\n${entries.join('\n')}\n`
    : `Add to "spec" of ${what}:\n\n  images:\n${entries.join('\n')}\n`;
}
