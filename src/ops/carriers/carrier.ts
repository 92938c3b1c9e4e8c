import type { Edit } from '../yaml/edit.js';
import type { YamlPath } from '../yaml/path.js';
import type { YamlNode } from './yaml-nodes.js';

/** An image, and the version to set. */
export interface ImageTarget {
  kind: 'image';
  /** Without tag or digest: `ghcr.io/acme/my-app-web`. */
  repository: string;
  /** The image's name, the last segment of the repository: `my-app-web`. */
  image: string;
  /** `undefined` where nothing but the digest is known: then there is one, and carriers get that alone. */
  tag: string | undefined;
  /** `sha256:…`. Without it, the digest in a carrier is removed, because a digest wins over a tag. */
  digest?: string | undefined;
}

/** A remote base (an app's manifests in its apps repository), and the git tag to set. */
export interface BaseTarget {
  kind: 'base';
  /** `owner/name` of the apps repository. */
  repository: string;
  /** The app's folder there, for example `apps/my-app`; `.` when the repository is one app. */
  appPath: string;
  /** The release's git tag: `my-app-v1.4.0`. */
  gitTag: string;
}

/** What a version is set for: an image or a remote base. */
export type Target = ImageTarget | BaseTarget;

/** The version that a carrier has now. */
export interface CurrentVersion {
  /** Of the image without tag and digest, or `owner/name` of the base. */
  repository: string;
  /** Tag of the image, or git ref of the base. */
  tag?: string | undefined;
  digest?: string | undefined;
}

/** What a kind of carrier finds at a node of a file. */
export interface Finding {
  /** In its document. */
  path: YamlPath;
  /** Line of the file, from 1. */
  line: number;
  current: CurrentVersion;
  /**
   * Whether it certainly carries the version. What is not certain (a bare name, no version yet, a branch instead of a
   * tag) counts only where nothing in the overlay is certain for the same target.
   */
  certain: boolean;
  /** Whether it has no room for a digest, so that a target without a tag cannot be set. */
  needsTag?: boolean;
  /** The edits that set the target's version here. */
  edits: Edit[];
}

/** A value in a file that carries the version of a target. */
export interface Carrier extends Finding {
  /** The kind of carrier: `kustomize-image`, `helm-image`, … */
  kind: string;
  /** Path of the file in its repository. */
  file: string;
  /** Which document of the file, from 0. */
  document: number;
  target: Target;
  /** Whether the policy names it, or a part of it. */
  byPolicy?: true;
  /** Why the version cannot be set there, in sentences for a person; `undefined` where it can. */
  blocked?: string | undefined;
}

/** An image or remote base that a node names, and whose version it may carry. */
export type Candidate =
  | { kind: 'image' /** Without tag or digest. */; repository: string }
  | {
      kind: 'base' /** `owner/name`. */;
      repository: string /** The folder there, without slashes around it. */;
      path: string;
    };

/** A kind of carrier: recognises versions in one syntax, for example the `images` of a kustomization. */
export interface CarrierKind {
  name: string;
  /** What carries the version of the target at a node. */
  find(node: YamlNode, target: Target): Finding[];
  /** The images and bases that a node names. Only `find` tells whether it carries a version of them. */
  candidates(node: YamlNode): Candidate[];
}
