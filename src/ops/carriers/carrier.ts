import type { Edit } from '../yaml/edit.js';
import type { YamlPath } from '../yaml/path.js';
import type { YamlNode } from './yaml-nodes.js';

/** An image whose version is to be set. */
export interface ImageTarget {
  kind: 'image';
  /** Without tag or digest: `ghcr.io/acme/my-app-web`. */
  repository: string;
  /** The image's name, the last segment of the repository: `my-app-web`. */
  image: string;
  tag: string;
  /** `sha256:…`; without it a digest that the carrier holds is taken away, because it would decide over the tag. */
  digest?: string | undefined;
}

/** A remote base, an app's manifests in its apps repository, whose git tag is to be set. */
export interface BaseTarget {
  kind: 'base';
  /** `owner/name` of the apps repository. */
  repository: string;
  /** The app's folder there, for example `apps/my-app`; `.` when the repository is one app. */
  appPath: string;
  /** The release's git tag: `my-app-v1.4.0`. */
  gitTag: string;
}

export type Target = ImageTarget | BaseTarget;

/** What a carrier holds now. */
export interface CurrentVersion {
  repository: string;
  tag?: string | undefined;
  digest?: string | undefined;
}

/** What a kind of carrier found at a node. */
export interface Finding {
  /** Where it is, for people. */
  path: YamlPath;
  line: number;
  current: CurrentVersion;
  /**
   * Whether this surely carries the version. What is not sure (a bare name, no version yet, a branch instead of a tag)
   * counts only where the overlay has nothing surer for the same target.
   */
  certain: boolean;
  /** What sets the target's version here. */
  edits: Edit[];
}

/** One place that carries a version. */
export interface Carrier extends Finding {
  /** The kind of carrier: `kustomize-image`, `helm-image`, … */
  kind: string;
  file: string;
  document: number;
  target: Target;
}

/** What a place names, before anybody says what to look for. */
export type Candidate =
  | { kind: 'image' /** Without tag or digest. */; repository: string }
  | {
      kind: 'base' /** `owner/name`. */;
      repository: string /** The folder there, without slashes around it. */;
      path: string;
    };

/** One kind of carrier: looks at a node for a target. */
export interface CarrierKind {
  name: string;
  find(node: YamlNode, target: Target): Finding[];
  /** What may have its version here, by what is written here; `find` has the last word. */
  candidates(node: YamlNode): Candidate[];
}
