/** Most repetitions in a name, so that no name takes long to compare. */
const MOST_REPETITIONS = 3;

/** Whether the name of an entry of `images` may be that of several images: kustomize takes it for a regular expression. */
export function isPattern(name: string): boolean {
  return /[*+?|()[\]^$\\]/.test(name);
}

/**
 * The images that an entry of `images` is for. Only what regular expressions of Go and of JavaScript mean alike is followed, and
 * none that takes long.
 *
 * @param name as the entry has it; in most cases there is but the dot in it that means something else
 * @returns a pattern for an image with its tag and digest; `undefined` where it cannot be told
 * @see https://github.com/kubernetes-sigs/kustomize/blob/master/api/filters/imagetag/updater.go
 */
export function imagePattern(name: string): RegExp | undefined {
  const isPlain = /^(?:[\w./:@|()*+?^$-]|\\[./-]|\[[\w.^-]+\])*$/.test(name);
  const isOdd = /\(\?|[*+?)][*+?]/.test(name) || (name.match(/[*+?]/g) ?? []).length > MOST_REPETITIONS;
  if (!isPlain || isOdd) {
    return undefined;
  }
  try {
    return new RegExp(`^${name}(:[\\w.{}-]*)?(@sha256:[\\w.{}-]*)?$`);
  } catch {
    return undefined;
  }
}
