/** A value of a file that carries the version of an image because the policy says so. */
export interface NamedValue {
  /** Keys and indexes from the root of its document; steps into YAML inside a text are not among them. */
  path: readonly (string | number)[];
  /** `Kind/name` of the document, in a file of several with the same path. */
  object?: string | undefined;
  /** Repository of the image, without tag and digest. */
  image: string;
  /** Whether the file need not have it: a pattern leads to files of other apps too. */
  optional?: boolean;
  /** Where the policy says it, for messages: `ostack.yaml:12`. */
  where: string;
}

/** An image and the app that it belongs to. */
export interface ImageOwner {
  app: string;
  /** Without tag and digest. */
  repository: string;
}

/** A file of an overlay. */
export interface OverlayFile {
  /** Path in its repository. */
  path: string;
  text: string;
  /** Whether all apps of the environment share it. Then only what is named after an app belongs to that app. */
  shared?: true;
  /** Whose images are, where more than their names tells it. Of files that are shared. */
  owners?: readonly ImageOwner[];
  /** The app that it belongs to alone. */
  app?: string;
  /** The environment that it belongs to. */
  environment?: string;
  /** The folder or file of the environment that it is of, where the app has several: one for each cluster. */
  place?: string;
  /** The values in it that the policy says carry versions. */
  named?: readonly NamedValue[];
  /** Whether it is there for nothing but those values. */
  onlyNamed?: true;
  /** Of a kustomization: entries of its `images`, by their index, that set nothing. They are no versions that run. */
  idle?: readonly number[];
  /** Whether it is an overlay by itself, and its name has no ending: then a tag may be all that it holds. */
  isBare?: true;
  /** Of a wrapper chart: whether the charts that it depends on lie in the repository beside it. */
  vendored?: true;
  /** Whether it is a helmfile of all environments, there for what it says over the files of the overlay. */
  isHelmfile?: true;
  /** Which of its documents count, from 0, where others are of other environments or apps; missing for all. */
  documents?: readonly number[];
  /** Of a file that is there for the object of a reconciler: the folders and files of values that the object deploys. */
  deploys?: readonly string[];
  /** Why nothing may be set in it, although it counts: a sentence or two that say what to do instead. */
  untouchable?: string;
  /** Whether it certainly counts where nothing stronger says the version, although nothing may be set in it. */
  isObeyed?: true;
  /** Whether it says nothing of what runs, because that is taken from another revision; `untouchable` says why. */
  isElsewhere?: true;
}
