import type { NamedValue } from './named-value.js';

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
  /** The values in it that the policy says carry versions. */
  named?: readonly NamedValue[];
  /** Whether it is there for nothing but those values. */
  onlyNamed?: true;
  /** Of a kustomization: entries of its `images`, by their index, that set nothing. They are no versions that run. */
  idle?: readonly number[];
  /** Of a wrapper chart: whether the charts that it depends on lie in the repository beside it. */
  vendored?: true;
}
