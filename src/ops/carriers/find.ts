import { argocdImage, argocdParameter } from './argocd.js';
import type { Carrier, CarrierKind, Target } from './carrier.js';
import { helmImage } from './helm-image.js';
import { imageField, jsonPatch } from './image-field.js';
import { kustomizeImage } from './kustomize-image.js';
import { argocdSource, remoteBase } from './remote-base.js';
import { sitesOf } from './walk.js';

/** A file of an overlay. */
export interface OverlayFile {
  /** In its repository. */
  path: string;
  text: string;
}

const KINDS: readonly CarrierKind[] = [
  kustomizeImage,
  imageField,
  jsonPatch,
  remoteBase,
  helmImage,
  argocdImage,
  argocdParameter,
  argocdSource,
];

/**
 * Every place of a file that carries the version of one of the targets, found by repository name and never by position,
 * in the order of the file; also what is not certain.
 *
 * @throws Error naming file and line where the file is no valid YAML
 */
export function findCarriers(text: string, file: string, targets: readonly Target[]): Carrier[] {
  return sitesOf(text, file).flatMap((site) =>
    KINDS.flatMap((kind) =>
      targets.flatMap((target) =>
        kind
          .find(site, target)
          .map((finding) => ({ ...finding, kind: kind.name, file, document: site.document, target })),
      ),
    ),
  );
}

/**
 * The places of an overlay that carry the version of the targets. What is not certain counts only for a target that has
 * nothing certain in any of the files, and only where no other target claims the same place.
 */
export function carriersOf(files: readonly OverlayFile[], targets: readonly Target[]): Carrier[] {
  const all = files.flatMap((file) => findCarriers(file.text, file.path, targets));
  return all.filter((carrier) => {
    if (carrier.certain) {
      return true;
    }
    const better = all.some((other) => other.target === carrier.target && other.certain);
    const claims = all.filter((other) => other !== carrier && placeOf(other) === placeOf(carrier));
    return !better && claims.length === 0;
  });
}

function placeOf(carrier: Carrier): string {
  return JSON.stringify([carrier.file, carrier.document, carrier.path]);
}
