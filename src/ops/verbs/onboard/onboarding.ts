import type { ImageTarget } from '../../carriers/carrier.js';
import type { Layout } from '../../overlays/layout.js';
import type { Policy } from '../../policy/policy.js';
import type { TreeReader } from '../../tree/tree-reader.js';

/** An app that is to join an environment. */
export interface OnboardRequest {
  /** As ops calls it: with the name of its workspace in front where that is a guest. */
  app: string;
  environment: string;
  /** Its first version: images, or the tag of all images of its base; default: what the environment before holds. */
  images: readonly ImageTarget[];
  version: string | undefined;
  /** The environment that the first version is taken from; default: the policy's `after`. */
  from: string | undefined;
  /** The group it belongs to, for a repository of several. */
  group: string | undefined;
  /** Manifests for a base that is not there yet, by path inside the folder; `undefined` where none are known. */
  manifests: ReadonlyMap<string, string> | undefined;
}

/** An app that joins, and the repository that it joins. */
export interface Onboarding extends OnboardRequest {
  tree: TreeReader;
  layout: Layout;
  policy: Policy;
}
