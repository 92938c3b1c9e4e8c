import type { Edit } from '../yaml/edits.js';
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

/** A Helm chart of a chart repository, and the version to set. */
export interface ChartTarget {
  kind: 'chart';
  /** As its repository calls it: `ingress-nginx`. */
  name: string;
  /**
   * Where it comes from (`normalRepository`): an address, or the name of a source where the files say no more. `undefined`
   * for the chart of this name, wherever it comes from.
   */
  repository?: string | undefined;
  /** `4.10.1`; `undefined` where a digest alone says it. */
  version: string | undefined;
  /** `sha256:…`, which only an OCIRepository of Flux can hold. */
  digest?: string | undefined;
  /** What the chart is installed as, where several releases are of one chart: the name of a HelmRelease. */
  release?: string | undefined;
  /** The app that it is set for: in a file that several apps share, only its own releases count. */
  app?: string | undefined;
}

/** What a version is set for: an image, a remote base or a chart. */
export type Target = ImageTarget | BaseTarget | ChartTarget;

/** The version that a carrier has now. */
export interface CurrentVersion {
  /** Of the image without tag and digest, `owner/name` of the base, or where the chart comes from; empty for unknown. */
  repository: string;
  /** Tag of the image, git ref of the base, or version of the chart. */
  tag?: string | undefined;
  digest?: string | undefined;
  /** What a chart is installed as. */
  release?: string | undefined;
  /** What a chart's place says where that is no version: a range such as `1.x`, or a template. */
  range?: string | undefined;
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
  /** Why nothing may be set here, with what to write instead: a sentence or two. */
  refusal?: string | undefined;
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
  /** What is obeyed instead of it, so that it says nothing of what runs; `undefined` where it is obeyed. */
  overriddenBy?: Carrier | undefined;
}

/** An image, remote base or chart that a node names, and whose version it may carry. */
export type Candidate =
  | { kind: 'image' /** Without tag or digest. */; repository: string }
  | {
      kind: 'base' /** `owner/name`. */;
      repository: string /** The folder there, without slashes around it. */;
      path: string;
    }
  | { kind: 'chart'; name: string; repository: string | undefined; release: string | undefined };

/** A kind of carrier: recognises versions in one syntax, for example the `images` of a kustomization. */
export interface CarrierKind {
  name: string;
  /** What carries the version of the target at a node. */
  find(node: YamlNode, target: Target): Finding[];
  /** The images, bases and charts that a node names. Only `find` tells whether it carries a version of them. */
  candidates(node: YamlNode): Candidate[];
}
