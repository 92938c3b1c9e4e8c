import { createHash } from 'node:crypto';

/** Raised when the same content would be built into a different image, so that older images are not reused. */
const FORMAT = 2;

/** Everything that an image is built from. */
export interface ImageContent {
  /** Digests of the context, the shared paths, the Dockerfile and its ignore files, by path. */
  files: Record<string, string>;
  /** The commit, where the build sees git's own folder; `undefined` where it cannot tell one commit from another. */
  revision: string | undefined;
  context: string;
  file: string;
  buildArgs: Record<string, string>;
  platforms: readonly string[];
  /** Digests of base images and of the frontend, by the name in the Dockerfile. */
  bases: Record<string, string>;
  /**
   * Ids of secrets. Their values are not looked at, as BuildKit does not: a key that holds one would be a way to guess
   * it, and a new password does not make another image.
   */
  secrets: readonly string[];
  provenance: boolean;
  sbom: boolean;
}

/**
 * The tag by which an image of this content is found again. Version, commit and time are not part of it: a release that
 * changes nothing in an image reuses the existing image, with the labels of its first build and the same digest, and so
 * nothing is deployed again.
 */
export function contentTag(content: ImageContent): string {
  const canonical = JSON.stringify([
    FORMAT,
    sorted(content.files),
    content.revision ?? null,
    content.context,
    content.file,
    sorted(content.buildArgs),
    [...content.platforms].sort(),
    sorted(content.bases),
    [...content.secrets].sort(),
    content.provenance,
    content.sbom,
  ]);
  return `content-${createHash('sha256').update(canonical).digest('hex').slice(0, 40)}`;
}

function sorted(record: Record<string, string>): [string, string][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}
