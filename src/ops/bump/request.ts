/** One image that an environment is to run. */
export interface ImageTarget {
  /** Its short name: the last path segment of the repository. */
  image: string;
  /** Repository without tag and digest. */
  repository: string;
  tag: string | undefined;
  digest: string | undefined;
}

/** One app's version that environments are to run. */
export interface AppTarget {
  app: string;
  /** What people call it: the semantic version, else the tag, else a short digest. */
  version: string;
  images: ImageTarget[];
  /** The apps repository's release, where it is known: the tag that remote bases point to. */
  release: { tag: string; notes: string; url: string } | undefined;
  source: { repository: string; sha: string };
}
