import type { ImageTarget } from '../../carriers/carrier.js';
import type { Layout } from '../../overlays/layout.js';
import type { Policy } from '../../policy/policy.js';
import type { TreeReader } from '../../tree/tree-reader.js';

/** A request to add an app to an environment. */
export interface OnboardRequest {
  /** As the ops repository calls it: with its workspace in front where that is a guest, `growth-shop`. */
  app: string;
  environment: string;
  /** The images of its first version; empty to take `version`. */
  images: readonly ImageTarget[];
  /** The tag that all images of its base start with; `undefined` to take what the environment before holds. */
  version: string | undefined;
  /** The environment that the first version is taken from; `undefined` for the policy's `after`. */
  from: string | undefined;
  /** The group that it belongs to, for a repository with several; `undefined` where there is one. */
  group: string | undefined;
  /** Manifests for a new base: contents by path in the folder; `undefined` where there are none. */
  manifests: ReadonlyMap<string, string> | undefined;
}

/** A request, and the ops repository that it is for. */
export interface Onboarding extends OnboardRequest {
  tree: TreeReader;
  layout: Layout;
  policy: Policy;
}
