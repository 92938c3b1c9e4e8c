import type { HelmRelease } from '../../ops/render/helm-template.js';
import type { Checkout } from '../checkout.js';
import type { GitSource } from '../hld/parts.js';
import type { ManifestObject } from '../manifests/objects.js';
import type { Tools } from './tools.js';

/** What is not in the repository, brought to this machine at the state that the lock file names. */
export interface RemoteSources {
  git(source: GitSource): Promise<Checkout>;
  /** @returns absolute path of the chart's package */
  chart(chart: ServedChart): Promise<string>;
  /** @returns the text of the file */
  file(url: string): Promise<string>;
  /** @returns absolute path of an empty folder that goes when the run does */
  folder(): Promise<string>;
  /** Is told of each version that no manifest will say, with the file that says it; missing where nobody asks. */
  part?(text: string): void;
}

/** A chart of a server. */
export interface ServedChart {
  /** `https://…` of a repository, or `oci://…`, without the chart's name. */
  repository: string;
  chart: string;
  /** A version or a range; `undefined` for the newest. */
  version: string | undefined;
  /** The release that it is pinned for, where it is the source itself. */
  user?: string;
}

/** How a definition is rendered. */
export interface RenderOptions {
  /** Names of configurations of a definition, the strongest first. */
  configurations: readonly string[];
  /** Whether each of these was asked for by name, so that one without a file is a mistake. */
  areNamed: boolean;
  /** Paths of values files of a chart from the root, the strongest last. */
  values: readonly string[];
  /** Of a chart that is the source itself; by default its own name, or that of its folder. */
  release: string | undefined;
  /** Of charts for which nothing else says one. */
  namespace: string | undefined;
  withDefinitions: boolean;
  withChartHooks: boolean;
  ignoresHooks: boolean;
  /** What charts are told of the cluster; helm's own where it is left out. */
  capabilities?: HelmRelease['capabilities'];
  /** Folders of the checkout that are about to be written, from the root: nothing in them is rendered. */
  outputs?: readonly string[];
}

/** What a source came to. */
export interface Rendered {
  objects: ManifestObject[];
  /** What a person should know, as sentences. */
  notes: string[];
}

/** What a rendering works with. */
export interface Rendering {
  checkout: Checkout;
  options: RenderOptions;
  remote: RemoteSources;
  tools: Tools;
  /** Is told what a person should know. */
  note(text: string): void;
}
