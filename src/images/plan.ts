/** One image to deliver, with every name and tag decided. */
export interface PlannedImage {
  app: string;
  /** The last path segment of `repository`. */
  image: string;
  /** Without tag, for example `ghcr.io/acme/my-app-web`. */
  repository: string;
  /** The repository that it goes to as a release, where this is a pull request's and that is another one. */
  released?: string | undefined;
  /** The key of its content, which is one of its tags; missing where nobody can tell its content. */
  key?: string | undefined;
  /** Digest of the layers that a release of it kept for the next one. */
  layers?: string | undefined;
  /** The version, as its label says it. */
  version: string;
  /** At least one; the first is the one that is reported. */
  tags: string[];
  /** Build context, relative to the repository's root. */
  context: string;
  /** Dockerfile, relative to the repository's root. */
  file: string;
  /** Paths besides the context that the image is made of. */
  shared: string[];
  /** Digests of base images, by the name in the Dockerfile: the build takes these and no others. */
  pins?: Readonly<Record<string, string>>;
  /** The frontend with its digest, where the Dockerfile asks for one. */
  frontend?: string | undefined;
}

/** Settings of all images of one run. */
export interface BuildSettings {
  /** Folder of the checkout, absolute. */
  root: string;
  /** Whose images they are: what pull requests leave in the registry is nothing that a release takes. */
  space: 'release' | 'previews';
  /** Page of the repository, `https://github.com/acme/apps`. */
  source: string;
  /** Full id of the commit. */
  revision: string;
  /** Commit time, in seconds since 1970. */
  createdAt: number;
  /** For example `linux/amd64`; none for the engine's own. */
  platforms: string[];
  buildArgs: Record<string, string>;
  /** Secrets by id, and the environment variable that holds each: values are in no file and no argument. */
  secrets: { id: string; variable: string }[];
  cache: 'registry' | 'gha' | 'none';
  provenance: boolean;
  sbom: boolean;
  /** `false` builds without pushing. */
  push: boolean;
  /** Folder that takes the images instead of a registry, absolute; see `archive.ts`. Nothing is pushed then. */
  archive?: string | undefined;
}

/**
 * The labels and annotations of an image.
 *
 * @see https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md#pre-defined-annotation-keys
 */
export function imageLabels(image: PlannedImage, settings: BuildSettings): Record<string, string> {
  return {
    'org.opencontainers.image.title': image.image,
    'org.opencontainers.image.version': image.version,
    'org.opencontainers.image.source': settings.source,
    'org.opencontainers.image.revision': settings.revision,
    'org.opencontainers.image.created': new Date(settings.createdAt * 1000).toISOString(),
  };
}
