import type { CurrentVersion, ImageTarget } from './carrier.js';
import { isDigest, isTag, parseReference, referenceTo } from './image-reference.js';

/** A text that says a version by itself, and how another version is said in the same form. */
export interface VersionText {
  current: Pick<CurrentVersion, 'tag' | 'digest'>;
  /** The text for a target; `undefined` where the form has no room for what is known of it. */
  write(target: ImageTarget): string | undefined;
}

/**
 * Reads a text as a version by its form: a tag (`1.4.0`, also `1.4.0@sha256:…`), a digest, or a whole reference
 * (`ghcr.io/acme/web:1.4.0`). Empty is a tag that is still to be set.
 *
 * @param prefix whether a literal `KEY=` may stand in front
 * @returns `undefined` for any other text
 */
export function versionText(text: string, prefix = false): VersionText | undefined {
  const [before = ''] = prefix ? (/^[A-Za-z_][\w.-]*=/.exec(text) ?? []) : [];
  const rest = text.slice(before.length);
  if (isDigest(rest)) {
    return { current: { digest: rest }, write: ({ digest }) => (digest === undefined ? undefined : before + digest) };
  }
  const [tag = '', digest, ...more] = rest.split('@');
  if (tag === '' && digest === undefined) {
    return { current: {}, write: (target) => (target.tag === undefined ? undefined : before + target.tag) };
  }
  if (isTag(tag) && more.length === 0 && (digest === undefined || isDigest(digest))) {
    return {
      current: { tag, digest },
      write: (target) => {
        const pin = digest === undefined || target.digest === undefined ? '' : `@${target.digest}`;
        return target.tag === undefined ? undefined : `${before}${target.tag}${pin}`;
      },
    };
  }
  const reference = parseReference(rest);
  return reference === undefined
    ? undefined
    : {
        current: { tag: reference.tag, digest: reference.digest },
        write: (target) => before + referenceTo(reference, target),
      };
}
