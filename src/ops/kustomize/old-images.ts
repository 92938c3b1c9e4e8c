/** What `images` of a kustomization was called, which kustomize still reads as that. */
export const OLD_IMAGES = 'imageTags';

/**
 * Why a version of a kustomization is not set, where that is under the old name of `images`.
 *
 * @param files any of which may be one
 * @returns sentences for a person; `undefined` where none has that name
 * @see https://github.com/kubernetes-sigs/kustomize/blob/master/api/types/fix.go
 */
export function oldImages(files: readonly { path: string; text: string }[]): string | undefined {
  for (const { path, text } of files) {
    const index = text.split('\n').findIndex((line) => line.startsWith(`${OLD_IMAGES}:`));
    if (index >= 0) {
      return `${path}:${index + 1}: "${OLD_IMAGES}" is the old name of "images" and no longer written to. Write "images:" there, then run again.`;
    }
  }
  return undefined;
}
