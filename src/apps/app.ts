/** One deployable application of an apps repository, with every convention already applied. */
export interface App {
  /** The app's name: its folder name under `apps/`, or the repository's name when the repository is one app. */
  name: string;
  /** Folder in the repository, `/`-separated; `.` when the repository is one app. */
  path: string;
  /** Further paths whose changes release the app too. */
  shared: string[];
  /** Patterns of such paths, for what they match later or no longer; `shared` has what its own match now. */
  patterns?: readonly string[];
  /** Contexts and Dockerfiles of its images that are not in its folder, or what these take from a context around it. */
  outside?: readonly string[];
  /** Folders of the packages that it depends on; their changes release it as a patch. */
  dependencies?: readonly string[];
  /** Folders of other apps, where one of `outside` or `dependencies` is around them: these are not its own for that. */
  apart?: readonly string[];
  /** Configured test command. */
  test: string | undefined;
  /** One per Dockerfile. */
  images: AppImage[];
}

/** One image of an app: one Dockerfile. */
export interface AppImage {
  /** `<app>` for `Dockerfile`, `<app>-<part>` for `Dockerfile.<part>` or `<part>/Dockerfile`. */
  name: string;
  /** Build context, relative to the repository's root. */
  context: string;
  /** Dockerfile, relative to the repository's root. */
  file: string;
}
