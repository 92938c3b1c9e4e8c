import type { Carrier } from './carrier.js';
import { overlayNodes } from './file-nodes.js';
import { sameRepository } from './image-reference.js';
import type { OverlayFile } from './overlay-file.js';

/**
 * Why a version that is set would change nothing, because the template of an ApplicationSet says the version of the image:
 * `ghcr.io/acme/web:{{tag}}` among `kustomize.images`.
 *
 * @param carriers those that would change
 * @returns sentences for a person; `undefined` where nothing is known to
 */
export function templatedImage(files: readonly OverlayFile[], carriers: readonly Carrier[]): string | undefined {
  const images = carriers.flatMap(({ target }) => (target.kind === 'image' ? [target.repository] : []));
  const found = files
    .filter(({ deploys, text }) => deploys !== undefined && text.includes('{{'))
    .flatMap((file) =>
      overlayNodes(file).flatMap(({ key, value }) => {
        const { name, version } = nameAndVersion(value.kind === 'text' ? value.text : '');
        const image =
          key === 'images' && version !== '' ? images.find((each) => sameRepository(each, name)) : undefined;
        return image === undefined ? [] : [{ place: `${file.path}:${value.line}`, image, version }];
      }),
    );
  const [first] = found;
  return first === undefined
    ? undefined
    : `${first.place} sets the version of ${first.image} to ${first.version}, which a generator fills in, over what the folder says. ` +
        'Take that image out of the template, so that the folder says its version, or set it where the generator takes it from.';
}

/** Of `web=ghcr.io/acme/web:{{tag}}` what stands before and after the last `:` or `@` before the template. */
function nameAndVersion(text: string): { name: string; version: string } {
  const before = text.slice(0, Math.max(text.indexOf('{{'), 0));
  const end = Math.max(before.lastIndexOf(':'), before.lastIndexOf('@'));
  return end < 0
    ? { name: '', version: '' }
    : { name: before.slice(before.lastIndexOf('=', end) + 1, end), version: text.slice(end + 1) };
}
