import type { Carrier } from './carrier.js';
import { overlayNodes } from './file-nodes.js';
import { parseReference, sameRepository } from './image-reference.js';
import type { OverlayFile } from './overlay-file.js';

/** The comment by which Flux's image automation knows a value. */
const MARKER = /#\s*\{\s*"\$imagepolicy"\s*:\s*"([^"\n]*)"/;

const UPDATER = 'argocd-image-updater.argoproj.io';

/**
 * Why a line is another program's to write: it has the comment of Flux's image automation.
 *
 * @param line from 1
 * @returns a sentence for a person that says what to remove, `undefined` where there is none
 * @see https://fluxcd.io/flux/guides/image-update/#configure-image-update-for-custom-resources
 */
export function fluxWriter({ path, text }: OverlayFile, line: number): string | undefined {
  const [, policy] = MARKER.exec(text.split('\n')[line - 1] ?? '') ?? [];
  return policy === undefined
    ? undefined
    : `${path}:${line} is written by Flux's image automation, by its policy ${policy}, and two writers would undo each other. ` +
        `Remove the comment # {"$imagepolicy": "${policy}"} there, or leave this version to Flux.`;
}

/** The same for a file that is written as a whole. */
export function fluxWriterOf(file: OverlayFile): string | undefined {
  const lines = file.text.includes('$imagepolicy') ? file.text.split('\n') : [];
  return lines.flatMap((_, index) => fluxWriter(file, index + 1) ?? [])[0];
}

/**
 * Why the image of a carrier is another program's to set: Argo CD Image Updater does, by an annotation of an Application or
 * by an ImageUpdater among the files.
 *
 * @see https://argocd-image-updater.readthedocs.io/en/stable/configuration/images/
 */
export function imageUpdater(files: readonly OverlayFile[], { target }: Carrier): string | undefined {
  if (target.kind !== 'image') {
    return undefined;
  }
  const found = files
    .filter(({ text }) => text.includes(UPDATER))
    .flatMap((file) =>
      overlayNodes(file).flatMap(({ key, value, above }) => {
        const kind = above[0]?.entries.get('kind');
        const isList = key === `${UPDATER}/image-list`;
        const isName = key === 'imageName' && kind?.kind === 'text' && kind.text === 'ImageUpdater';
        const images = value.kind === 'text' && (isList || isName) ? value.text.split(',') : [];
        return images.some((image) => isImage(image, target.repository))
          ? [{ place: `${file.path}:${value.line}`, what: isList ? `the annotation ${key}` : 'the ImageUpdater' }]
          : [];
      }),
    );
  const [first] = found;
  return first === undefined
    ? undefined
    : `Argo CD Image Updater sets ${target.repository}: ${first.place}, and two writers would undo each other. Take the image out ` +
        `of ${first.what} there, or leave this version to the updater.`;
}

/** Whether an item of a list, `alias=repository:constraint`, is of a repository. */
function isImage(item: string, repository: string): boolean {
  const text = item.trim();
  const image = text.slice(text.indexOf('=') + 1);
  const colon = image.lastIndexOf(':');
  const name = parseReference(image)?.name ?? (colon > image.lastIndexOf('/') ? image.slice(0, colon) : image);
  return sameRepository(name, repository);
}
